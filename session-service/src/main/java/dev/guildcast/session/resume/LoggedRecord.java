package dev.guildcast.session.resume;

import dev.guildcast.delivery.v1.SessionRecord;

/// A record of the log with its append time.
///
/// @param atMillis its append time, Unix milliseconds
public record LoggedRecord(SessionRecord record, long atMillis) {
    /// When the event that it delivers was published, Unix milliseconds; its append time if that is not known.
    public long publishedMillis() {
        long published = record.getOrigin().getPublishedMillis();
        return published == 0 ? atMillis : published;
    }
}
