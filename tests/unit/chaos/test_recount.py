"""The expected rows of a story, and the order and number of its deliveries."""

from collections import Counter

from tests.chaos import recount, story

NAMES = ["acme/one", "acme/two"]


def test_same_seed_gives_same_story() -> None:
    assert story.make(NAMES, 40, seed=3) == story.make(NAMES, 40, seed=3)
    assert story.make(NAMES, 40, seed=3) != story.make(NAMES, 40, seed=4)


def test_every_life_ends_as_its_last_delivery() -> None:
    told = story.make(NAMES, 10, seed=1, duplicates=0)
    ends = Counter((one.closed_as, one.closed_at is None) for one in told.expected)
    assert ends == {("FIXED", False): 4, ("DISMISSED", False): 2, (None, True): 4}
    actions = Counter(one["action"] for one in told.deliveries)
    assert actions == {"created": 10, "fixed": 8, "closed_by_user": 2, "reopened": 4}


def test_rows_of_the_organisation_are_the_sum_of_those_of_its_repositories() -> None:
    told = story.make(NAMES, 40, seed=1)
    total: Counter[str] = Counter()
    repositories = recount.expected_rows(told.expected, owners=False)
    for (_, period), numbers in repositories.items():
        if period == "ALL":
            total.update(numbers)
    organisations = recount.expected_rows(told.expected, owners=True)
    assert organisations["acme", "ALL"] == total
    assert total["openAlerts"] + total["numberFixed"] + total["numberManuallyClosed"] == 40
