#!/usr/bin/env python3
"""Publishes one message to Guildcast over HTTP. Requires only Python 3.

    GUILDCAST_INGRESS_TOKEN=... python3 publish.py GUILD CHANNEL TEXT

A backend does the same whenever something happens: it posts the event as clients should receive it, and Guildcast
computes who may see it.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone

INGRESS = os.environ.get("GUILDCAST_INGRESS", "http://127.0.0.1:8082/ingress/v1/events")
TOKEN = os.environ.get("GUILDCAST_INGRESS_TOKEN", "")


def message(guild, channel, text):
    """A message object with all fields that client libraries expect."""
    now = datetime.now(timezone.utc)
    return {
        # Ids are snowflakes: milliseconds since 2015 above 22 bits. They travel as strings.
        "id": str((time.time_ns() // 1_000_000 - 1_420_070_400_000) << 22),
        "guild_id": guild,
        "channel_id": channel,
        "author": {"id": "1300000004202692608", "username": "ben", "discriminator": "0", "avatar": None},
        "member": {"roles": [], "joined_at": "2026-01-05T09:02:00.000000+00:00", "deaf": False, "mute": False, "flags": 0},
        "content": text,
        # Timestamps end in +00:00: some libraries reject a Z.
        "timestamp": now.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
    }


def publish(events):
    """Posts events, in order, and returns the response of ingress."""
    request = urllib.request.Request(
        INGRESS,
        data=json.dumps(events).encode(),
        headers={"Content-Type": "application/json", "Authorization": "Bearer " + TOKEN},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def main():
    if len(sys.argv) != 4 or not TOKEN:
        sys.exit(__doc__)
    event = {"t": "MESSAGE_CREATE", "d": message(*sys.argv[1:])}
    try:
        answer = publish([event])
    except urllib.error.HTTPError as error:
        sys.exit(f"ingress responded with HTTP status {error.code}: {error.read().decode()}")
    except urllib.error.URLError as error:
        sys.exit(f"no response from {INGRESS}: {error.reason}")
    print(json.dumps(answer))
    sys.exit(0 if answer["accepted"] == 1 else 1)


if __name__ == "__main__":
    main()
