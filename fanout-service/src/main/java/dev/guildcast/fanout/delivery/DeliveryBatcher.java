package dev.guildcast.fanout.delivery;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.guildcast.contract.ShardId;
import dev.guildcast.delivery.v1.Deliver;
import dev.guildcast.delivery.v1.Group;
import dev.guildcast.delivery.v1.Payload;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.SessionRef;
import dev.guildcast.fanout.Tally;
import dev.guildcast.fanout.audience.Recipients;
import dev.guildcast.fanout.audience.Subscription;
import dev.guildcast.fanout.event.Refused;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.v1.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Makes the records that go to session shards: one for each that is interested, its payload once.
///
/// - **Bound:** a record is at most `recordBytesMax`; more recipients than fit go into further records, in order.
/// - **Promise:** a session stands at most once in a record.
public final class DeliveryBatcher {
    /// Largest record between stages.
    public static final int RECORD_BYTES_MAX = 8 * 1024 * 1024;

    private static final int FRAME_BYTES = 1024;
    private static final int RECIPIENT_BYTES_MAX = 10;

    private final int recordBytesMax;
    private final Tally tally;

    public DeliveryBatcher(int recordBytesMax, Tally tally) {
        this.recordBytesMax = recordBytesMax;
        this.tally = tally;
    }

    /// Delivers one event.
    ///
    /// @param redacted for the recipients without content; empty when it is the same
    /// @throws Refused if the payload alone exceeds a record
    public void deliver(
            Outputs out,
            long guildId,
            String type,
            ByteString full,
            ByteString redacted,
            Map<Integer, Recipients.OfShard> recipients) {
        if ((long) full.size() + redacted.size() + FRAME_BYTES + RECIPIENT_BYTES_MAX > recordBytesMax) {
            throw new Refused("payload of " + full.size() + " bytes exceeds a record");
        }
        recipients.forEach((shard, of) -> {
            var payloads = new ArrayList<Payload>(2);
            if (!of.full().isEmpty()) {
                payloads.add(payload(type, full));
            }
            if (!of.redacted().isEmpty()) {
                payloads.add(payload(type, redacted));
            }
            emit(out, guildId, shard, payloads, of.groups());
        });
    }

    /// Delivers to named sessions, subscribed or not.
    public void toSessions(Outputs out, long guildId, String type, ByteString data, List<SessionRef> sessions) {
        var shards = new TreeMap<Integer, TreeSet<Subscription>>();
        for (SessionRef ref : sessions) {
            shards.computeIfAbsent(ref.getShard(), ignored -> new TreeSet<>())
                    .add(new Subscription(ref.getShard(), ref.getOffset(), 0, 0, 0, true));
        }
        shards.forEach((shard, refs) ->
                emit(out, guildId, shard, List.of(payload(type, data)), List.of(Recipients.group(refs, 0))));
    }

    /// Delivers to one session what is filled in when it is sent. Should it exceed a record then, the record goes out
    /// empty: it has its place in the chain already, and no log would take it.
    ///
    /// @param text the JSON of `d`, asked for on the shard's loop each time it is sent
    /// @param sizeEstimate about how many bytes it will have
    public void late(Outputs out, long guildId, Subscription to, String type, Supplier<byte[]> text, int sizeEstimate) {
        tally.onDelivery(1);
        Group group = Group.newBuilder().addRecipients(to.offset()).build();
        out.emit(ShardId.session(to.shard()), new Output() {
            @Override
            public byte[] encode(Origin origin) {
                byte[] data = text.get();
                var deliver = Deliver.newBuilder().setGuildId(guildId);
                if (data.length + FRAME_BYTES <= recordBytesMax) {
                    deliver.addPayloads(payload(type, UnsafeByteOperations.unsafeWrap(data)))
                            .addGroups(group);
                }
                return record(origin, deliver.build());
            }

            @Override
            public int sizeEstimate() {
                return sizeEstimate;
            }
        });
    }

    private void emit(Outputs out, long guildId, int shard, List<Payload> payloads, List<Group> groups) {
        int payloadBytes =
                payloads.stream().mapToInt(Payload::getSerializedSize).sum() + FRAME_BYTES;
        int room = recordBytesMax - payloadBytes;
        var fitting = new ArrayList<Group>();
        int used = 0;
        for (Group group : groups) {
            for (Group piece : pieces(group, room)) {
                int bytes = piece.getSerializedSize() + RECIPIENT_BYTES_MAX;
                if (used + bytes > room && !fitting.isEmpty()) {
                    emitOne(out, guildId, shard, payloads, fitting, payloadBytes + used);
                    fitting.clear();
                    used = 0;
                }
                fitting.add(piece);
                used += bytes;
            }
        }
        if (!fitting.isEmpty()) {
            emitOne(out, guildId, shard, payloads, fitting, payloadBytes + used);
        }
    }

    private void emitOne(
            Outputs out, long guildId, int shard, List<Payload> payloads, List<Group> groups, int sizeEstimate) {
        Deliver deliver = Deliver.newBuilder()
                .setGuildId(guildId)
                .addAllPayloads(payloads)
                .addAllGroups(groups)
                .build();
        tally.onDelivery(groups.stream().mapToInt(Group::getRecipientsCount).sum());
        out.emit(ShardId.session(shard), new Output() {
            @Override
            public byte[] encode(Origin origin) {
                return record(origin, deliver);
            }

            @Override
            public int sizeEstimate() {
                return sizeEstimate;
            }
        });
    }

    /// Cuts a group that no record could hold; each piece starts its offsets anew.
    private static List<Group> pieces(Group group, int room) {
        if (group.getSerializedSize() + RECIPIENT_BYTES_MAX <= room) {
            return List.of(group);
        }
        int each = Math.max(1, (room - 2 * RECIPIENT_BYTES_MAX) / RECIPIENT_BYTES_MAX);
        var pieces = new ArrayList<Group>();
        Group.Builder piece = Group.newBuilder().setPayload(group.getPayload());
        long offset = 0;
        for (long delta : group.getRecipientsList()) {
            offset += delta;
            if (piece.getRecipientsCount() == each) {
                pieces.add(piece.build());
                piece = Group.newBuilder().setPayload(group.getPayload());
            }
            piece.addRecipients(piece.getRecipientsCount() == 0 ? offset : delta);
        }
        pieces.add(piece.build());
        return pieces;
    }

    private static Payload payload(String type, ByteString data) {
        return Payload.newBuilder().setType(type).setData(data).build();
    }

    private static byte[] record(Origin origin, Deliver deliver) {
        return SessionRecord.newBuilder()
                .setOrigin(origin)
                .setDeliver(deliver)
                .build()
                .toByteArray();
    }
}
