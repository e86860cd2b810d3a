"""The command `nianbao`."""


def main() -> None: ...
