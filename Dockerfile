# The application in a container: nothing is downloaded when it starts.
#   docker build -t partnerships .        then see compose.yaml

FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        -r requirements.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONUTF8=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    MEDIA_ROOT=/data/files
RUN useradd --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin app \
    && install -d -m 0700 -o app -g app /data /data/files
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
# The values here are for this one step; none of them is kept in the image.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    ALLOWED_HOSTS=localhost DATABASE_URL=sqlite:////tmp/build.sqlite3 PRODUCTION=1 MAIL_URL=none \
    python manage.py collectstatic --noinput -v0 \
    && python -m compileall -q . \
    && rm -f /tmp/build.sqlite3*
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-m", "tools.health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "run", "serve", "--installed"]
