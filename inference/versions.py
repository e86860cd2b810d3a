"""Another version of the model put in use, once it was seen to work. Start at promote."""

from ..models import registry
from ..models.training_record import read_record
from .tagger import load_tagger
from .themes import load_classifier


def promote(version: int) -> None:
    """Make a version the current one, if it is whole and gives its golden answers.

    NianbaoError E303 where there is none, BadModel where it is spoiled, E409 where it cannot be
    written; the current one then stays.
    """
    require_sound(version)
    registry.promote(version)


def rollback() -> int:
    """Make the version current that was so before, and return it. As `promote`, and E304."""
    version = registry.previous()
    if version is not None:
        require_sound(version)
    return registry.rollback()


def require_sound(version: int) -> None:
    """Read all of a version, and have its models answer. Raises as `registry.check`."""
    registry.check(version)
    with registry.opening("tagger", version=version) as folder:
        load_tagger(folder)
    with registry.opening("themes", version=version) as folder:
        load_classifier(folder)
    if version != registry.SHIPPED:
        read_record(registry.version_folder(version))
