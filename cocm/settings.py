"""Settings from the environment or `.env`. Names and defaults are stable (see README)."""

import os
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from billing.rules import PracticeRules, TimeRule
from cocm.errors import EnvironmentFault
from services.context import PracticeSettings
from storage import NO_DATA_KEYS, NO_KEYS, SHORTEST_KEY, AuditKeys, DataKeys, UnfitKeyError

_MAKE_KEY = "Make one: openssl rand -hex 32"
_MAKE_DATA_KEY = "Make one: cocm keys new"

#: Where containers find the secrets that were handed to them.
_CONTAINER_SECRETS = "/run/secrets"


def secret_folders() -> list[Path]:
    """Folders of files that are named like settings and hold one each: systemd's credentials, a container's secrets."""
    named = (os.environ.get("CREDENTIALS_DIRECTORY"), _CONTAINER_SECRETS)
    return [folder for name in named if name and (folder := Path(name)).is_dir()]


class Settings(BaseSettings):
    """Everything that the outside decides about one running program."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", populate_by_name=True
    )

    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None

    database_url: str = Field(default="sqlite:///cocm.db", alias="COCM_DATABASE_URL")
    slack_api_url: str = Field(default="https://slack.com/api/", alias="COCM_SLACK_API_URL")
    timezone: ZoneInfo = Field(default=ZoneInfo("America/New_York"), alias="COCM_TIMEZONE")
    billing_channel: str | None = Field(default=None, alias="COCM_BILLING_CHANNEL")
    admins: Annotated[frozenset[str], NoDecode] = Field(default=frozenset(), alias="COCM_ADMINS")
    days_off: Annotated[frozenset[date], NoDecode] = Field(default=frozenset(), alias="COCM_DAYS_OFF")
    time_rule: TimeRule = Field(default=TimeRule.STRICT, alias="COCM_TIME_RULE")
    near_minutes: int = Field(default=15, ge=0, alias="COCM_NEAR_MINUTES")
    backdate_days: int = Field(default=62, ge=0, alias="COCM_BACKDATE_DAYS")
    max_entry_hours: int = Field(default=8, ge=1, le=24, alias="COCM_MAX_ENTRY_HOURS")
    max_day_hours: int = Field(default=16, ge=1, le=24, alias="COCM_MAX_DAY_HOURS")
    phi_in_views: bool = Field(default=False, alias="COCM_PHI_IN_VIEWS")
    names_in_files: bool = Field(default=False, alias="COCM_NAMES_IN_FILES")
    baa_attested: bool = Field(default=False, alias="COCM_BAA_ATTESTED")
    unknown_member: Literal["ask", "refuse", "welcome"] = Field(default="ask", alias="COCM_UNKNOWN_MEMBER")
    unknown_patient: Literal["accept", "refuse"] = Field(default="accept", alias="COCM_UNKNOWN_PATIENT")
    mrn_pattern: str | None = Field(default=None, alias="COCM_MRN_PATTERN")
    log_format: Literal["console", "json"] = Field(default="console", alias="COCM_LOG_FORMAT")
    #: Of the pages for operators; any free port when left out and 9464 is taken.
    ops_port: int | None = Field(default=None, ge=0, le=65535, alias="COCM_OPS_PORT")
    ops_host: str = Field(default="127.0.0.1", alias="COCM_OPS_HOST")

    @field_validator("slack_bot_token", "slack_signing_secret", "slack_app_token", mode="before")
    @classmethod
    def _not_blank(cls, value: object) -> object:
        # Spaces come along when a secret is copied, and of spaces alone anybody knows the signatures.
        return (value.strip() or None) if isinstance(value, str) else value

    migrate_url: SecretStr | None = Field(default=None, alias="COCM_MIGRATE_URL")
    audit_key: SecretStr | None = Field(default=None, alias="COCM_AUDIT_KEY")
    audit_key_file: Path | None = Field(default=None, alias="COCM_AUDIT_KEY_FILE")
    data_keys_given: SecretStr | None = Field(default=None, alias="COCM_DATA_KEYS")
    data_keys_file: Path | None = Field(default=None, alias="COCM_DATA_KEYS_FILE")

    @field_validator("admins", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("days_off", mode="before")
    @classmethod
    def _days(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        try:
            return frozenset(map(date.fromisoformat, parts))
        except ValueError:
            raise ValueError(
                f"{value!r} is not a list of dates; write it like 2026-11-27,2026-12-24"
            ) from None

    @field_validator("timezone", mode="before")
    @classmethod
    def _known_zone(cls, value: object) -> object:
        if isinstance(value, str):
            try:
                return ZoneInfo(value)
            except (KeyError, ValueError, OSError):
                raise ValueError(f"{value!r} is not a time zone; write it like America/New_York") from None
        return value

    @field_validator("mrn_pattern")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression ({error})") from None
        return value

    def audit_keys(self) -> AuditKeys:
        """The keys by which the audit chain is vouched for, the one that signs first; none where none is set.

        Raises:
            EnvironmentFault: when the file cannot be read, both are set, or a key is too short to be one.
        """
        texts = _texts_of(
            ("COCM_AUDIT_KEY", self.audit_key),
            ("COCM_AUDIT_KEY_FILE", self.audit_key_file),
            "Nothing is written without the key that the audit chain is kept by.",
        )
        return NO_KEYS if texts is None else _keys(*texts)

    def data_keys(self) -> DataKeys:
        """The keys under which notes and names are encrypted, the one that encrypts first; none where none is set.

        Raises:
            EnvironmentFault: when the file cannot be read, both are set, or one is no Fernet key.
        """
        texts = _texts_of(
            ("COCM_DATA_KEYS", self.data_keys_given),
            ("COCM_DATA_KEYS_FILE", self.data_keys_file),
            "Nothing is written without the keys that notes and names are encrypted under.",
        )
        if texts is None:
            return NO_DATA_KEYS
        name, keys = texts
        if not keys:
            raise EnvironmentFault(f"{name} holds no key. {_MAKE_DATA_KEY}")
        try:
            return DataKeys(word for text in keys for word in text.replace(",", " ").split())
        except UnfitKeyError:
            raise EnvironmentFault(f"{name} holds a word that is no data key. {_MAKE_DATA_KEY}") from None

    @property
    def talks_to_slack(self) -> bool:
        """False for a sandbox or test server on this very machine; anything else may hold real patients."""
        host = urlsplit(self.slack_api_url).hostname or ""
        return host not in {"127.0.0.1", "localhost", "::1"}

    def practice(self) -> PracticeSettings:
        """The part of the settings that use cases read."""
        return PracticeSettings(
            zone=self.timezone,
            rules=PracticeRules(time_rule=self.time_rule, days_off=self.days_off),
            from_environment={
                name: str(field.alias)
                for name, field in type(self).model_fields.items()
                if name in self.model_fields_set and field.alias
            },
            near_minutes=self.near_minutes,
            backdate_days=self.backdate_days,
            max_entry_hours=self.max_entry_hours,
            max_day_hours=self.max_day_hours,
            unknown_member=self.unknown_member,
            unknown_patient=self.unknown_patient,
            mrn_pattern=self.mrn_pattern,
            has_billing_channel=self.billing_channel is not None,
            admins=self.admins,
        )


def _texts_of(
    given: tuple[str, SecretStr | None], in_file: tuple[str, Path | None], why: str
) -> tuple[str, list[str]] | None:
    """The keys of one kind, and the setting that has them; None where there are none.

    Raises:
        EnvironmentFault: when both are set, or the file cannot be read.
    """
    (name, secret), (file_name, path) = given, in_file
    if secret is not None and path is not None:
        raise EnvironmentFault(f"{name} and {file_name} are both set. Keep one of them.")
    if secret is not None:
        return name, secret.get_secret_value().replace(",", " ").split()
    if path is None:
        return None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EnvironmentFault(
            f"{file_name} names {path}, which cannot be read ({_why(error)}). {why}"
        ) from None
    return file_name, [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _keys(name: str, texts: list[str]) -> AuditKeys:
    if not texts:
        raise EnvironmentFault(f"{name} holds no key. {_MAKE_KEY}")
    if any(len(text) < SHORTEST_KEY for text in texts):
        raise EnvironmentFault(f"A key in {name} is shorter than {SHORTEST_KEY} characters. {_MAKE_KEY}")
    return AuditKeys(texts)


def _why(error: Exception) -> str:
    return (error.strerror or "error") if isinstance(error, OSError) else "it is not text"


def load() -> Settings:
    """The settings of this environment.

    Raises:
        EnvironmentFault: naming each setting that cannot be understood, and why.
    """
    try:
        return Settings(_secrets_dir=secret_folders())
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise EnvironmentFault(
            f"A setting cannot be understood. {wrong}. Correct it in the environment or .env."
        ) from None
