"""The values of a row as the commands of an import take them."""


def first(values: dict, name: str) -> str:
    return values[name][0] if values.get(name) else ""


def lines(values: dict, name: str, column: str) -> list[dict]:
    return [{column: value} for value in values.get(name, ())]
