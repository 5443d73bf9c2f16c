"""How a program uses the API, step by step, with commands that a test carries out."""

GUIDE = """\
## A token

Make one under *My account*, *API tokens*: a name, and for how many days. It is shown once. It acts
as you, with your role and your areas as they are at each request, and ends when you revoke it, when
its days are over, or when your access is taken away. Whoever runs the server can make one for a
user with `./run manage token`. The examples take it, and the address, from the environment:

```
export HOST=https://partnerships.example.org TOKEN=…
```

Those for the shell need curl, those in Python its standard library alone. Each goes on from the one
before it.

```sh
api() { curl --silent --show-error --header "Authorization: Token $TOKEN" "$@"; }
H="$HOST/api/v1"
api "$H/organizations/?page_size=1"
```

```python
import json
import os
import urllib.error
import urllib.parse
import urllib.request
import uuid

HOST, TOKEN = os.environ["HOST"], os.environ["TOKEN"]


def api(method, path, body=None, **headers):
    \"\"\"The status, the headers and the JSON of one answer; errors are answers too.\"\"\"
    data = None if body is None else json.dumps(body).encode()
    sent = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{HOST}/api/v1{path}", data, sent, method=method)
    try:
        answer = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers, json.load(answer)


status, headers, page = api("GET", "/organizations/?page_size=1")
print(status)  # 200
```

## Pages, filters and order

A list answers with `count`, `next`, `previous` and `results`. `count` stops at 10,000, and earlier
where a filter asks much of each row; then `count_is_more` is true. `page_size` is from 1 to 200,
and 50 where it is not sent. For the next page send `next` as `cursor`, with the same filters and
order; it is null after the last one. A row that is saved meanwhile neither comes twice nor is
passed over, unless the change moves it.

Filters are those of [lists](lists.md); several values of one are sent as several parameters. `sort`
names a column, with `-` in front for downward. A filter that does not exist is refused, so that a
misspelt one never gives you all rows.

```sh
api "$H/organizations/?state=CO&sort=-name&page_size=200"
api --output /dev/null --write-out '%{http_code}\\n' "$H/organizations/?stat=CO" # prints 400
```

```python
def rows(path, **query):
    \"\"\"All rows of a list, page after page.\"\"\"
    query = {"page_size": 2} | query
    while True:
        status, headers, page = api("GET", f"{path}?{urllib.parse.urlencode(query, doseq=True)}")
        if status != 200:
            raise RuntimeError(page["detail"])
        yield from page["results"]
        if not page["next"]:
            return
        query["cursor"] = page["next"]


names = [row["name"] for row in rows("/organizations/", state=["CO"], sort="name")]
print(names == sorted(names), len(names))  # True 5
```

## Search

Names are searched by POST, so that no address and no log holds one: words of a name, or one whole
phone or e-mail. Filters and pages are in the address, as before.

```sh
api --json '{"q": "mesa"}' "$H/organizations/search/"
```

```python
status, headers, page = api("POST", "/organizations/search/", {"q": "mesa"})
print(status, page["count"])  # 200 1
mesa = page["results"][0]["uid"]
```

## Phones and e-mails

They come with `details=true`. Each person whose details are sent is recorded, and counts in your
row budget of the day; over it, no details are sent and the answer is 403.

```sh
api "$H/contacts/?details=true&page_size=1"
```

```python
status, headers, page = api("GET", "/contacts/?details=true&page_size=1")
print(page["results"][0]["emails"])  # ['rosa@casa.example']
```

## Write, and write again

Make the key yourself, a UUID, and keep it until you have an answer. When none comes, send the same
request with the same key: the work is done once, and the answer is the first one, for seven days.
Another body under the same key is a 422.

```sh
KEY=$(python3 -c 'import uuid; print(uuid.uuid4())')
MESA=$(api --json '{"q": "mesa"}' "$H/organizations/search/" \\
  | python3 -c 'import json, sys; print(json.load(sys.stdin)["results"][0]["uid"])')
BODY='{"kind": "meeting", "day": "2026-11-23", "organizations": ["'$MESA'"], "summary": "Tea."}'
api --output /dev/null --write-out '%{http_code}\\n' \\
  --json "$BODY" --header "Idempotency-Key: $KEY" "$H/interactions/" # prints 201
api --output /dev/null --write-out '%{http_code}\\n' \\
  --json "$BODY" --header "Idempotency-Key: $KEY" "$H/interactions/" # prints 201
api --output /dev/null --write-out '%{http_code}\\n' \\
  --json "${BODY/23/25}" --header "Idempotency-Key: $KEY" "$H/interactions/" # prints 422
```

```python
key = str(uuid.uuid4())
body = {"kind": "meeting", "day": "2026-11-24", "organizations": [mesa], "summary": "Tea."}
status, headers, meeting = api("POST", "/interactions/", body, Idempotency_Key=key)
print(status, headers["ETag"])  # 201 "1"
status, headers, again = api("POST", "/interactions/", body, Idempotency_Key=key)
print(status, again == meeting)  # 201 True
status, headers, refusal = api(
    "POST", "/interactions/", body | {"summary": "Coffee."}, Idempotency_Key=key
)
print(status)  # 422
```

## Change what you read

Send the ETag of the row as `If-Match`, and only what changes; a list replaces the links and lines
that you can see. Without it the answer is 428. When somebody saved the row since, it is 412: read
the row again, and decide anew.

```sh
ROW=$(api "$H/organizations/$MESA/" --output /dev/null --write-out '%header{etag}')
api --output /dev/null --write-out '%{http_code}\\n' --request PATCH \\
  --json '{"name": "Mesa Verde Library"}' --header "If-Match: $ROW" \\
  "$H/organizations/$MESA/" # prints 200
api --output /dev/null --write-out '%{http_code}\\n' --request PATCH \\
  --json '{"name": "Mesa"}' --header "If-Match: $ROW" "$H/organizations/$MESA/" # prints 412
```

```python
path = f"/interactions/{meeting['uid']}/"
status, headers, row = api("GET", path)
status, headers, row = api("PATCH", path, {"minutes": 45}, If_Match=headers["ETag"])
print(status, headers["ETag"])  # 200 "2"
status, headers, refusal = api("PATCH", path, {"minutes": 50}, If_Match='"1"')
print(status)  # 412
status, headers, refusal = api("PATCH", path, {"minutes": 50})
print(status)  # 428
```

Rows cannot be deleted or undone through the API.

## Figures

`figures/` says what each figure answers and how it is counted. A figure takes the filters of its
page, and has its rows, its totals, and beside each number in `behind` the address of the list that
it counts, or null where you may open none. In a row, null stands for *not given* and `*` for *all
others* or *no longer used*; `names` has the words.

```sh
api "$H/figures/by_month/?first=2026-01-01&last=2026-12-31"
```

```python
status, headers, figure = api("GET", "/figures/by_month/?first=2026-01-01&last=2026-12-31")
print(status, len(figure["rows"]) > 0)  # 200 True
```

## Errors

The body of an error is one object: `detail` is a sentence that says what happened and, of a write,
that nothing was saved. `fields` has the sentences for each field that is wrong.

```
{"detail": "Some values are wrong. Nothing was saved.", "fields": {"day": ["…"]}}
```

```python
status, headers, refusal = api("POST", "/interactions/", {"day": "tomorrow"})
print(status, sorted(refusal["fields"])[0])  # 400 day
```

Send it again, with the same key, after 429, 503 or no answer at all: 429 and 503 have the
seconds to wait in `Retry-After`. Any other error comes again until the request is another one. A
user has 600 requests a minute (`API_RATE`), all tokens together. A program in a signed-in browser
page may use its session cookie instead of a token, and then sends the CSRF token with every write.
"""
