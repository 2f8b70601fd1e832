package dev.guildcast.fanout;

/// What the shard machines count, besides what every shard counts. Called on the shard's loop; cheap.
public interface Tally {
    Tally NONE = new Tally() {};

    /// A record for a session shard was made.
    ///
    /// @param recipients sessions named in it
    default void onDelivery(int recipients) {}

    /// A publisher's record came again and changed nothing.
    default void onPublisherRepeat() {}

    /// A typing event was too old to be shown.
    default void onTypingDropped() {}
}
