"""`python -m tests.screenshots`: makes the pictures of the documentation from the sample story.

Deploys the stack to an emulator of its own, as `make run` does, and prints how fast the page is.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.local.run import running, step
from infra.paths import ROOT
from tests.screenshots import speed
from tests.screenshots.pictures import PICTURES, take
from tests.support.browser import browser

_FOLDER = ROOT / ".run" / "screenshots"


def main() -> int:
    """Take all pictures, measure the page, and print what was written."""
    with running(_FOLDER, with_story=True) as (deployment, _, _), TemporaryDirectory() as profiles:
        url, key = deployment.url("DashboardUrl"), deployment.api_key
        with step("Taking the pictures"), browser(Path(profiles) / "pictures") as page:
            for picture in PICTURES:
                take(page, picture, url, key=key)
                size = picture.file.stat().st_size / 1000
                print(f"  {picture.file.relative_to(ROOT)}: {size:.0f} kB", flush=True)
        with step("Measuring the first content"):
            times = speed.first_content(deployment.signed_in_url, Path(profiles))
            print(f"  {times}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
