package dev.guildcast.session.resume;

import dev.guildcast.delivery.v1.SessionRecord;

/// A record as it stands in the log.
///
/// @param atMillis its append time, Unix milliseconds
public record LoggedRecord(SessionRecord record, long atMillis) {}
