/// The link to voice servers that carry media: who is alive, and orders about their rooms.
///
/// State belongs to the voice loop; gRPC's threads hand over to it.
@NullMarked
package dev.guildcast.voice.media;

import org.jspecify.annotations.NullMarked;
