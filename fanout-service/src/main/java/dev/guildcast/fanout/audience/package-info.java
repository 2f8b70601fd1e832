/// Who may be told what: permissions, visibility classes, subscriptions, intents, the content-free variant.
///
/// Works on one guild's view, on the loop of the guild's shard.
@NullMarked
package dev.guildcast.fanout.audience;

import org.jspecify.annotations.NullMarked;
