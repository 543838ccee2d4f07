"""Makes zones.tsv: when everything is due in every zone of the tz database, by Python alone.

    python3 -m venv /tmp/zones
    /tmp/zones/bin/pip install tzdata==2026.5
    /tmp/zones/bin/python zones.py > zones.tsv

With a zone's name it prints the lines that the zone's digest is made of: `key due`, the due time in
seconds since 1970. It reads the plan and shares no code with the app. Each line of the file is a
zone, the digest of its sessions' occurrences, and the offsets from UTC of every half hour on the
wall clock in YEAR: `number of the first half hour:offset in seconds`, for the half hour's meaning in
a gap (before it) and in a fold (the first).
"""

import datetime as dt
import hashlib
import importlib.resources
import pathlib
import sys
import tomllib
import zoneinfo

import tzdata

PINNED = "2026e"
YEAR = 2027
CLASSES = ["superficial", "medium", "deep"]
PLAN = pathlib.Path(__file__).parents[3] / "care/plans/microneedling.toml"
SESSION = "00000000-0000-0000-0000-000000000001"
UTC = dt.timezone.utc
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def zones():
    return sorted(importlib.resources.files("tzdata").joinpath("zones").read_text().split())


def instant(zone, local):
    """In a gap later by its length, in a fold the first."""
    return (local - local.replace(tzinfo=zone, fold=0).utcoffset()).replace(tzinfo=UTC)


def offsets(zone):
    start = dt.datetime(YEAR, 1, 1)
    runs = []
    for number in range(365 * 48):
        local = start + number * dt.timedelta(minutes=30)
        offset = round((local.replace(tzinfo=UTC) - instant(zone, local)).total_seconds())
        if not runs or runs[-1][1] != offset:
            runs.append((number, offset))
    return " ".join(f"{number}:{offset}" for number, offset in runs)


def clock(text):
    return dt.time.fromisoformat(text)


def sessions(number):
    """Four a year, at another date and minute in each zone; the depth classes in turn."""
    for quarter in range(4):
        days = quarter * 91 + number * 37 % 91
        ended = dt.datetime(YEAR, 1, 1, tzinfo=UTC) + days * DAY + number * 977 % 1440 * dt.timedelta(minutes=1)
        yield ended, CLASSES[(number + quarter) % 3]


def occurrences(plan, zone, ended, depth):
    """The default plan after a session of the face in a clinic: key to due time."""
    day_zero = ended.astimezone(zone).date()
    last_day = plan["phase"][-1]["days"][depth][1]
    midnight = dt.time(0)
    over = instant(zone, dt.datetime.combine(day_zero + (last_day + 1) * DAY, midnight))
    instructions = [one for one in plan["instruction"] if "face" in one.get("areas", ["face"])]
    instructions = [one for one in instructions if one.get("setting", "clinic") == "clinic"]
    by_id = {one["id"]: one for one in instructions}
    found = {}

    def keep(name, what, due, local=None):
        if not ended < due < over:
            return
        moment = f"+{(due - ended) // HOUR}h" if local is None else f"{local:%Y-%m-%d@%H:%M}"
        minute = (name, due.timestamp() // 60)
        # Of one minute the elapsed moment remains.
        if local is None or minute not in found:
            found[minute] = (f"{SESSION}/{name}/{what}/{moment}", int(due.timestamp()))

    def on_days(name, what, timing):
        for day in timing["days"][depth]:
            local = dt.datetime.combine(day_zero + day * DAY, clock(timing["time"]))
            keep(name, what, instant(zone, local), local)

    for one in instructions:
        name, timing = one["id"], one["timing"]
        if timing == "prescribed":
            continue
        if one["kind"] == "do":
            if "moment" in timing:
                keep(name, "at", ended + timing["moment"]["hours"][depth] * HOUR)
            if "check_ins" in timing:
                keep(name, "check_in", ended + timing["check_ins"]["first_after"] * HOUR)
                on_days(name, "check_in", timing["check_ins"])
            if "evenings" in timing:
                on_days(name, "daily", timing["evenings"])
            if "questions" in timing:
                on_days(name, "at", timing["questions"])
            if "window" in timing:
                first, last = timing["window"]["hours"][depth]
                opens, closes = ended + first * HOUR, ended + last * HOUR
                if first:
                    keep(name, "start", opens)
                date = opens.astimezone(zone).date()
                while date <= closes.astimezone(zone).date():
                    for time in timing["window"].get("daily", []):
                        local = dt.datetime.combine(date, clock(time))
                        due = instant(zone, local)
                        if opens <= due < closes:
                            keep(name, "daily", due, local)
                    date += DAY
        elif not any(other.get("followed_by") == name for other in instructions):
            ends = [timing["window"]["hours"][depth][1]]
            if one.get("followed_by") in by_id:
                ends.append(by_id[one["followed_by"]]["timing"]["window"]["hours"][depth][1])
            keep(name, "all_clear", ended + max(ends) * HOUR)
    for phase in plan["phase"]:
        day = phase["days"][depth][0]
        if day:
            local = dt.datetime.combine(day_zero + day * DAY, dt.time(9))
            keep(phase["id"], "phase", instant(zone, local), local)
    return found.values()


def lines(plan, zone, number):
    for ended, depth in sessions(number):
        yield from sorted(f"{key} {due}" for key, due in occurrences(plan, zone, ended, depth))


def main():
    if tzdata.IANA_VERSION != PINNED:
        sys.exit(f"tzdata {tzdata.IANA_VERSION} is installed, expected {PINNED}: pip install tzdata==2026.5")
    # The package, never the system's.
    zoneinfo.reset_tzpath(to=[])
    plan = tomllib.loads(PLAN.read_text())
    names = zones()
    if len(sys.argv) > 1:
        name = sys.argv[1]
        print("\n".join(lines(plan, zoneinfo.ZoneInfo(name), names.index(name))))
        return
    print(f"# Made by zones.py beside it, with tzdata {tzdata.IANA_VERSION}")
    for number, name in enumerate(names):
        zone = zoneinfo.ZoneInfo(name)
        digest = hashlib.sha256("\n".join(lines(plan, zone, number)).encode()).hexdigest()[:16]
        print(f"{name}\t{digest}\t{offsets(zone)}")


main()
