/// The transport encryption between one native client and this server: the two `rtpsize` modes.
///
/// Objects here have no threads and no locks: each belongs to whoever holds it.
@NullMarked
package dev.guildcast.voiceserver.crypto;

import org.jspecify.annotations.NullMarked;
