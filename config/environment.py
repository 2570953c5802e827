"""Reading the environment strictly: a bad value is refused with a sentence that names its variable."""

import os
import secrets
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off")
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
SECRET_KEY_LENGTH, SECRET_KEY_VARIETY = 50, 5  # what `check --deploy` asks for


class Environment:
    """The process's environment, completed by a `.env` file; an empty value counts as not given."""

    def __init__(self, file: Path) -> None:
        if file.is_file():
            environ.Env.read_env(file)

    def text(self, name: str, default: str = "") -> str:
        return os.environ.get(name, "").strip() or default

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name, str(default)).lower()
        if value not in TRUE + FALSE:
            raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
        return value in TRUE

    def whole_number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ImproperlyConfigured(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
        return int(value)

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of `choices`; the first is the default."""
        value = self.text(name, choices[0])
        if value not in choices:
            raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
        return value

    def folder(self, name: str, default: Path) -> Path:
        """A folder that exists and can be written to; made if need be."""
        path = Path(self.text(name, str(default))).expanduser().resolve()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror
            raise ImproperlyConfigured(f"{name}: the folder {path} cannot be made ({reason}).") from error
        if not os.access(path, os.W_OK | os.X_OK):
            raise ImproperlyConfigured(f"{name}: the folder {path} cannot be written to.")
        return path

    def hosts(self, name: str, default: str) -> list[str]:
        """Host names as Django wants them: separated by commas, without scheme, port or path."""
        hosts = [host.strip() for host in self.text(name, default).split(",") if host.strip()]
        for host in hosts:
            if "/" in host or " " in host or (":" in host and not host.startswith("[")):
                raise ImproperlyConfigured(
                    f"{name} must be host names separated by commas, such as music.example.org, not {host!r}."
                )
        return hosts

    def database(self, name: str, default: str) -> dict[str, Any]:
        url = self.text(name, default)
        _check_scheme(name, url, DATABASE_SCHEMES)
        config: dict[str, Any] = environ.Env.db_url_config(url)
        if not config["NAME"]:
            raise ImproperlyConfigured(f"{name} names no database: write postgres://user:password@host/name.")
        return config

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        """An address with one of `schemes`, or nothing."""
        url = self.text(name)
        if url:
            _check_scheme(name, url, schemes)
        return url

    def secret_key(self, name: str, file: Path) -> str:
        """The key that was given, or the one kept in `file`, made at the first start."""
        key = self.text(name) or _kept_secret(file)
        if len(key) < SECRET_KEY_LENGTH or len(set(key)) < SECRET_KEY_VARIETY:
            raise ImproperlyConfigured(
                f"{name} must be at least {SECRET_KEY_LENGTH} random characters. Leave it out to have one "
                f"made and kept in {file}."
            )
        return key


def _check_scheme(name: str, url: str, schemes: tuple[str, ...]) -> None:
    scheme, separator, _ = url.partition("://")
    if not separator or scheme not in schemes:
        wanted = ", ".join(f"{scheme}://" for scheme in schemes)
        raise ImproperlyConfigured(f"{name} must begin with one of {wanted}.")


def _kept_secret(file: Path) -> str:
    """Read the file, or write it whole: of several processes that start at once, one wins."""
    if not file.exists():
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(SECRET_KEY_LENGTH))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()
