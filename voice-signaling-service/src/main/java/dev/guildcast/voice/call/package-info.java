/// Voice sessions: who has a voice socket, is in which room of which voice server, and what each is sent.
///
/// All of it belongs to the voice loop.
@NullMarked
package dev.guildcast.voice.call;

import org.jspecify.annotations.NullMarked;
