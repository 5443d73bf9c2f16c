"""Log lines as JSON. Only the fields listed here are written, so that no personal data slips in."""

import json
import logging

FIELDS = ("status_code", "count", "head", "job", "seconds", "reference", "run")


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message without its arguments' values, and the allowed extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            trace, places = record.exc_info[2], []
            while trace is not None:
                code = trace.tb_frame.f_code
                places.append(
                    f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}:{code.co_name}"
                )
                trace = trace.tb_next
            line |= {"error": record.exc_info[0].__name__, "places": places[-12:]}
        return json.dumps(line, default=str)
