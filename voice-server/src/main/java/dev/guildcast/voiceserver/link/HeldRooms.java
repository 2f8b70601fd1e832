package dev.guildcast.voiceserver.link;

import dev.guildcast.voice.v1.HeldRoom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Who is in which room under which epoch, as the media loop has confirmed it: what a new stream of the link reports.
///
/// - **Owner:** its lock; the media loop calls while it answers, the link's thread reads.
/// - **Bound:** rooms and participants of the server, 100 bytes each.
final class HeldRooms {
    private final Map<Long, Held> rooms = new HashMap<>();

    synchronized void onJoined(long guild, long room, long epoch, long user) {
        Held held = rooms.get(room);
        if (held == null || held.epoch < epoch) {
            held = new Held(guild, epoch, new TreeSet<>());
            rooms.put(room, held);
        }
        if (held.epoch == epoch) {
            held.users.add(user);
        }
    }

    synchronized void onLeft(long room, long epoch, long user) {
        Held held = rooms.get(room);
        if (held != null && held.epoch == epoch) {
            held.users.remove(user);
        }
    }

    synchronized void onClosed(long room, long epoch) {
        Held held = rooms.get(room);
        if (held != null && held.epoch <= epoch) {
            rooms.remove(room);
        }
    }

    synchronized List<HeldRoom> toReport() {
        return rooms.entrySet().stream()
                .map(entry -> HeldRoom.newBuilder()
                        .setGuildId(entry.getValue().guild)
                        .setChannelId(entry.getKey())
                        .setEpoch(entry.getValue().epoch)
                        .addAllUserIds(entry.getValue().users)
                        .build())
                .toList();
    }

    /// @param users ordered, so that a report reads the same each time
    private record Held(long guild, long epoch, Set<Long> users) {}
}
