"""Settings, from the environment (`WARDCAST_*`) with defaults that work on one machine."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.fan_out import FanOut

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""Names by which a browser on the same machine calls the page."""

_HOST_NAMES = r"^((\*\.)?[A-Za-z0-9.\[\]:-]+( *, *(\*\.)?[A-Za-z0-9.\[\]:-]+)*)?$"
_SCHEDULER_ADDRESS = r"^((tcp|tls)://[^\s/]+:\d{1,5})?$"


class Settings(BaseSettings):
    """Where things are kept and where the service listens.

    Every field can be set by an environment variable: `home` by `WARDCAST_HOME`, and so on.
    """

    model_config = SettingsConfigDict(env_prefix="WARDCAST_", frozen=True, extra="ignore")

    home: Path = Field(default=Path(".wardcast"), description="Folder of the databases and artefact files.")
    database_url: str = Field(default="", description="SQLAlchemy URL; empty means SQLite in `home`.")
    mlflow_tracking_uri: str = Field(default="", description="MLflow server or database; empty means SQLite in `home`.")
    mlflow_experiment: str = Field(default="wardcast", min_length=1, description="MLflow experiment.")
    grpc_host: str = Field(default="127.0.0.1", description="Address the gRPC server listens on; loopback by default.")
    grpc_port: int = Field(default=50051, ge=0, le=65535, description="0 takes any free port.")
    page_host: str = Field(default="127.0.0.1", description="Address the page listens on; loopback by default.")
    page_port: int = Field(default=8080, ge=0, le=65535, description="0 takes any free port.")
    page_allowed_hosts: str = Field(
        default="",
        pattern=_HOST_NAMES,
        description="Further host names the page is called by, with commas; `*.example.org` allows every name below.",
    )
    worker_processes: int = Field(default=1, ge=1, le=32, description="Processes that do the long work.")
    workers: int = Field(
        default=0, ge=0, le=256, description="Processes that one piece of long work is spread over; 0 means the cores."
    )
    dask_scheduler: str = Field(
        default="",
        pattern=_SCHEDULER_ADDRESS,
        description="Dask cluster that long work is spread over instead, such as tcp://host:8786; empty means none.",
    )
    max_upload_bytes: int = Field(default=512 * 1024 * 1024, ge=1, description="Largest data set a client may send.")
    shutdown_grace_seconds: float = Field(default=5.0, ge=0, description="Time calls get to finish on shutdown.")

    @classmethod
    def read(cls) -> Settings:
        """Read the settings from the environment.

        Returns:
            The settings.

        Raises:
            WardcastError: A variable holds what the setting cannot be; every such variable is named.
        """
        try:
            return cls()
        except ValidationError as error:
            raise invalid_input("The settings in the environment cannot be used.", *_problems(error)) from error

    @property
    def resolved_database_url(self) -> str:
        """Database URL with the default filled in."""
        return self.database_url or f"sqlite:///{(self.home / 'wardcast.db').resolve()}"

    @property
    def resolved_tracking_uri(self) -> str:
        """MLflow tracking URI with the default filled in."""
        return self.mlflow_tracking_uri or f"sqlite:///{(self.home / 'mlflow.db').resolve()}"

    @property
    def fan_out(self) -> FanOut:
        """How long work is spread out."""
        if self.dask_scheduler:
            return FanOut(backend="dask", dask_scheduler=self.dask_scheduler)
        return FanOut(workers=self.workers)

    @property
    def page_hosts(self) -> tuple[str, ...]:
        """Host names the page answers to."""
        further = (name.strip() for name in self.page_allowed_hosts.split(","))
        return (*LOOPBACK_HOSTS, self.page_host, *(name for name in further if name))

    @property
    def artefact_dir(self) -> Path:
        """Folder of panels, forecasts and reports."""
        return self.home.resolve() / "artefacts"

    @property
    def mlflow_artefact_dir(self) -> Path:
        """Folder of MLflow artefacts where MLflow keeps its runs in `home`."""
        return self.home.resolve() / "mlflow-artefacts"


def _problems(error: ValidationError) -> list[Problem]:
    problems = []
    for detail in error.errors():
        name = str(detail["loc"][0])
        described = str(Settings.model_fields[name].description).rstrip(".")
        reason = detail["msg"].removeprefix("Input should be ").partition(", ")[0]
        if detail["type"] == "string_pattern_mismatch":
            reason = "text of the right form"
        problems.append(
            Problem(
                where=f"WARDCAST_{name.upper()}",
                expected=f"{reason} ({described})",
                found=repr(detail["input"]),
                mend=f"Correct the variable, or leave it unset for {Settings.model_fields[name].default!r}.",
            )
        )
    return problems
