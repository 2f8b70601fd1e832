/// Which voice server carries a guild, and the token that lets one session in.
///
/// The registry belongs to the voice loop; policy and token are pure.
@NullMarked
package dev.guildcast.voice.allocation;

import org.jspecify.annotations.NullMarked;
