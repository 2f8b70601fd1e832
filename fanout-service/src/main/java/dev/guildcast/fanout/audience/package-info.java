/// Chooses the recipients of an event: permissions, visibility classes, subscriptions, intents, the redacted payload.
///
/// Works on one guild's view, on the loop of the guild's shard.
@NullMarked
package dev.guildcast.fanout.audience;

import org.jspecify.annotations.NullMarked;
