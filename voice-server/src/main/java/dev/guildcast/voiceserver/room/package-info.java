/// Rooms, who is in them, and what each may send and be sent.
///
/// All of it belongs to the media loop. A room holds no network: its participants know the address that they proved.
@NullMarked
package dev.guildcast.voiceserver.room;

import org.jspecify.annotations.NullMarked;
