package dev.guildcast.voiceserver.room;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A voice channel, or a shared screen, on this server.
///
/// - **Owner:** the media loop.
/// - **Bound:** as many participants as [Rooms] lets in.
public final class Room {
    /// Most rooms hold few; the array doubles as users join.
    private static final int MEMBERS_FIRST = 4;

    private final long id;
    private final long epoch;
    private final Map<Long, Participant> byUser = new HashMap<>();
    /// The same, without holes and in no order, for the walk of every packet.
    private Participant[] members = new Participant[MEMBERS_FIRST];
    private int size;

    Room(long id, long epoch) {
        this.id = id;
        this.epoch = epoch;
    }

    public long id() {
        return id;
    }

    public int size() {
        return size;
    }

    /// @param index below [#size]; the order changes when somebody leaves
    public Participant member(int index) {
        return members[index];
    }

    long epoch() {
        return epoch;
    }

    @Nullable
    Participant of(long user) {
        return byUser.get(user);
    }

    void add(Participant participant) {
        if (size == members.length) {
            members = Arrays.copyOf(members, size * 2);
        }
        members[size++] = participant;
        byUser.put(participant.user(), participant);
    }

    @SuppressWarnings("NullAway") // The place behind the last member is empty.
    void remove(Participant participant) {
        byUser.remove(participant.user());
        for (int i = 0; i < size; i++) {
            if (members[i] == participant) {
                members[i] = members[--size];
                members[size] = null;
                return;
            }
        }
    }
}
