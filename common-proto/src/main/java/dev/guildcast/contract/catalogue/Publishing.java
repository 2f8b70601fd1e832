package dev.guildcast.contract.catalogue;

import dev.guildcast.event.v1.Publication;
import org.jspecify.annotations.Nullable;

/// Who publishes an event, as far as the way it came tells.
///
/// @param boundTo the name under which the publisher signed in: its events may name it, or `name/…`, and nobody else;
///     null when anyone may be named
/// @param unmarked what marks repeats of an event that names no publisher; null when nothing does
public record Publishing(@Nullable String boundTo, @Nullable Publication unmarked) {
    /// Of a publisher that writes the logs itself.
    public static final Publishing ANYONE = new Publishing(null, null);

    public static Publishing boundTo(String name) {
        return new Publishing(name, null);
    }

    /// Of an event that has a place of its own, such as an offset of a topic, by which a repeat is known.
    public static Publishing unmarked(Publication publication) {
        return new Publishing(null, publication);
    }

    boolean allows(String publisher) {
        return boundTo == null || publisher.equals(boundTo) || publisher.startsWith(boundTo + "/");
    }
}
