/// Which voice server a guild is assigned to, and the tokens for its voice sockets.
///
/// The registry belongs to the voice loop; policy and token are pure.
@NullMarked
package dev.guildcast.voice.allocation;

import org.jspecify.annotations.NullMarked;
