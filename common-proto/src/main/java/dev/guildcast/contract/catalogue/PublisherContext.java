package dev.guildcast.contract.catalogue;

import dev.guildcast.event.v1.Publication;
import org.jspecify.annotations.Nullable;

/// What the transport of an event knows of its publisher.
///
/// @param authenticatedAs the publisher's authenticated name: its events may name it or `name/…`, and no other
///     publisher; null when they may name any
/// @param defaultPublication deduplicates an event that has no sequence; null when nothing does
public record PublisherContext(
        @Nullable String authenticatedAs, @Nullable Publication defaultPublication) {
    /// Of a backend that writes to Kafka itself: it may name any publisher.
    public static final PublisherContext UNRESTRICTED = new PublisherContext(null, null);

    public static PublisherContext authenticatedAs(String name) {
        return new PublisherContext(name, null);
    }

    /// Of an event that is identified by its transport, for instance by its offset in a topic.
    public static PublisherContext defaultPublication(Publication publication) {
        return new PublisherContext(null, publication);
    }

    boolean allows(String publisher) {
        return authenticatedAs == null
                || publisher.equals(authenticatedAs)
                || publisher.startsWith(authenticatedAs + "/");
    }
}
