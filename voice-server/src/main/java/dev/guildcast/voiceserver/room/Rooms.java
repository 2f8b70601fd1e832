package dev.guildcast.voiceserver.room;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The rooms of this server, and whose a packet is.
///
/// - **Owner:** the media loop; the counts may be read from any thread and may be a moment old.
/// - **Bound:** [RoomProperties].
/// - **Promise:** a room is open under one epoch, and a command under a lower one changes nothing. A key is destroyed
///   when its participant leaves, is replaced or is refused.
public final class Rooms {
    private final RoomProperties properties;
    private final IntSupplier random;
    private final Map<Long, Room> rooms = new HashMap<>();
    private final SsrcIndex streams = new SsrcIndex();
    private final Map<InetSocketAddress, Participant> byAddress = new HashMap<>();
    private final LinkedHashMap<Long, Long> closedEpochs = new LinkedHashMap<>();
    private volatile int roomCount;
    private volatile int participantCount;

    /// @param random where the nonces of each participant start; unpredictable
    public Rooms(RoomProperties properties, IntSupplier random) {
        this.properties = properties;
        this.random = random;
    }

    /// Opens the room, or, under a higher epoch than before, empties it: whoever was in it is announced again.
    public RoomOutcome open(long id, long epoch) {
        Room room = rooms.get(id);
        if (isFenced(id, room, epoch)) {
            return RoomOutcome.FENCED;
        }
        if (room != null && room.epoch() == epoch) {
            return RoomOutcome.DONE;
        }
        if (room != null) {
            empty(room);
        } else if (rooms.size() >= properties.roomsMax()) {
            return RoomOutcome.ROOMS_FULL;
        }
        closedEpochs.remove(id);
        rooms.put(id, new Room(id, epoch));
        roomCount = rooms.size();
        return RoomOutcome.DONE;
    }

    /// Lets the user in; one who is there already is replaced, key and address and all. Only where it asked from for
    /// its address is kept while it asks with the same SSRC: native clients ask before they choose a mode.
    public RoomOutcome join(long id, long epoch, NewParticipant joining) {
        try {
            Room room = rooms.get(id);
            RoomOutcome refused = refusal(id, room, epoch);
            if (room == null || refused != RoomOutcome.DONE) {
                return refused;
            }
            Participant before = room.of(joining.user());
            refused = refusal(room, before, joining);
            if (refused != RoomOutcome.DONE) {
                return refused;
            }
            InetSocketAddress asked = before != null && before.asksAs(joining) ? before.discovered() : null;
            if (before != null) {
                remove(before);
            }
            var participant = new Participant(room, joining, properties.rates(), random.getAsInt());
            room.add(participant);
            participant.streams().forEach(streams::add);
            participantCount++;
            if (asked != null) {
                onDiscovered(participant, asked);
            }
            return RoomOutcome.DONE;
        } finally {
            joining.key().destroy();
        }
    }

    public RoomOutcome update(long id, long epoch, long user, VoiceFlags flags) {
        Room room = rooms.get(id);
        Participant participant = room == null ? null : room.of(user);
        RoomOutcome refused = refusal(id, room, epoch);
        if (refused == RoomOutcome.DONE && participant != null) {
            participant.setFlags(flags);
        }
        return refused == RoomOutcome.DONE && participant == null ? RoomOutcome.NOT_JOINED : refused;
    }

    public RoomOutcome leave(long id, long epoch, long user) {
        Room room = rooms.get(id);
        Participant participant = room == null ? null : room.of(user);
        RoomOutcome refused = refusal(id, room, epoch);
        if (refused == RoomOutcome.DONE && participant != null) {
            remove(participant);
        }
        return refused == RoomOutcome.DONE && participant == null ? RoomOutcome.NOT_JOINED : refused;
    }

    /// Closes the room under this epoch or a lower one, and remembers the epoch also when it was not here.
    public RoomOutcome close(long id, long epoch) {
        Room room = rooms.get(id);
        if (isFenced(id, room, epoch)) {
            return RoomOutcome.FENCED;
        }
        if (room != null) {
            empty(room);
            rooms.remove(id);
            roomCount = rooms.size();
        }
        closedEpochs.remove(id);
        closedEpochs.put(id, epoch);
        if (closedEpochs.size() > properties.fencesMax()) {
            closedEpochs.pollFirstEntry();
        }
        return room == null ? RoomOutcome.NOT_OPEN : RoomOutcome.DONE;
    }

    /// Closes all, destroys all keys.
    public void clear() {
        rooms.values().forEach(this::empty);
        rooms.clear();
        roomCount = 0;
    }

    /// The stream with this SSRC; null when there is none.
    public @Nullable InboundStream stream(int ssrc) {
        return streams.get(ssrc);
    }

    /// Who has asked from this address or has proven it last; null when nobody has.
    public @Nullable Participant at(InetSocketAddress source) {
        return byAddress.get(source);
    }

    /// The participant has asked from there for its address. That proves nothing: anybody may ask.
    public void onDiscovered(Participant participant, InetSocketAddress source) {
        InetSocketAddress before = participant.discovered();
        if (source.equals(before)) {
            return;
        }
        if (before != null && !participant.isAt(before)) {
            byAddress.remove(before, participant);
        }
        participant.setDiscovered(source);
        byAddress.putIfAbsent(source, participant);
    }

    /// A packet from there opened with the participant's key, and none later had come: from now on it is there.
    public void onProven(Participant participant, InetSocketAddress source) {
        forget(participant, participant.address());
        participant.setAddress(source);
        byAddress.put(source, participant);
    }

    /// Takes the address from those from whom nothing came for too long.
    public void dropIdle(long nowNanos) {
        long idleNanos = properties.addressIdle().toNanos();
        for (Room room : rooms.values()) {
            for (int i = 0; i < room.size(); i++) {
                Participant participant = room.member(i);
                if (participant.isIdle(idleNanos, nowNanos)) {
                    forget(participant, participant.address());
                    participant.setAddress(null);
                }
            }
        }
    }

    public int roomCount() {
        return roomCount;
    }

    public int participantCount() {
        return participantCount;
    }

    private boolean isFenced(long id, @Nullable Room room, long epoch) {
        Long closed = closedEpochs.get(id);
        return room != null && epoch < room.epoch() || closed != null && epoch < closed;
    }

    private RoomOutcome refusal(long id, @Nullable Room room, long epoch) {
        if (isFenced(id, room, epoch)) {
            return RoomOutcome.FENCED;
        }
        return room == null || room.epoch() != epoch ? RoomOutcome.NOT_OPEN : RoomOutcome.DONE;
    }

    private RoomOutcome refusal(Room room, @Nullable Participant before, NewParticipant joining) {
        if (joining.streams().size() > properties.streamsMax()) {
            return RoomOutcome.STREAMS_FULL;
        }
        if (before == null && room.size() >= properties.roomUsersMax()) {
            return RoomOutcome.ROOM_FULL;
        }
        if (before == null && participantCount >= properties.participantsMax()) {
            return RoomOutcome.SERVER_FULL;
        }
        for (MediaStream stream : joining.streams()) {
            InboundStream taken = streams.get(stream.ssrc());
            if (taken != null && taken.participant() != before) {
                return RoomOutcome.SSRC_TAKEN;
            }
        }
        return RoomOutcome.DONE;
    }

    private void empty(Room room) {
        while (room.size() > 0) {
            remove(room.member(room.size() - 1));
        }
    }

    private void remove(Participant participant) {
        participant.room().remove(participant);
        participant.streams().forEach(streams::remove);
        forget(participant, participant.address());
        forget(participant, participant.discovered());
        participant.setAddress(null);
        participant.wipe();
        participantCount--;
    }

    private void forget(Participant participant, @Nullable InetSocketAddress address) {
        if (address != null) {
            byAddress.remove(address, participant);
        }
    }
}
