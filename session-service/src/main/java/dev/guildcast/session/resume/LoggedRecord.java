package dev.guildcast.session.resume;

import dev.guildcast.delivery.v1.SessionRecord;

/// A record as it stands in the log.
///
/// @param atMillis its append time, Unix milliseconds
public record LoggedRecord(SessionRecord record, long atMillis) {
    /// When what it delivers was published, Unix milliseconds; its append time where that is not known.
    public long publishedMillis() {
        long published = record.getOrigin().getPublishedMillis();
        return published == 0 ? atMillis : published;
    }
}
