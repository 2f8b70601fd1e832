package dev.guildcast.fanout.delivery;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.guildcast.contract.ShardId;
import dev.guildcast.delivery.v1.Deliver;
import dev.guildcast.delivery.v1.Group;
import dev.guildcast.delivery.v1.Payload;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.fanout.audience.Recipients;
import dev.guildcast.fanout.audience.Subscription;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.v1.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Builds the records that go to session shards: one per interested shard, with its payload once.
///
/// - **Bound:** a record is at most `recordBytesMax`; more recipients than fit go into further records, in order.
/// - **Promise:** a session is named at most once in a record.
public final class DeliveryBatcher {
    /// Largest record between stages; below the request limit of 9 MiB of the producers and the 10 MiB that a topic
    /// accepts.
    public static final int RECORD_BYTES_MAX = 8 * 1024 * 1024;

    /// Upper estimate of what a record holds beside JSON and recipients: origin, guild, and the type of each of two
    /// payloads, of at most 64 characters, take about 250 bytes.
    private static final int FRAME_BYTES = 1024;
    /// A recipient is a varint of 64 bits, which takes at most ten bytes.
    private static final int RECIPIENT_BYTES_MAX = 10;

    private final int recordBytesMax;
    private final FanoutCounters counters;

    public DeliveryBatcher(int recordBytesMax, FanoutCounters counters) {
        this.recordBytesMax = recordBytesMax;
        this.counters = counters;
    }

    /// Rejects a payload that no record could hold; called before the record that contains it changes anything.
    ///
    /// @param redacted for the recipients without content; empty when it is the same
    /// @throws RecordRejectedException if the payload alone exceeds a record
    public void validate(ByteString full, ByteString redacted) {
        if (exceedsRecord(full, redacted)) {
            throw new RecordRejectedException(tooLarge(full));
        }
    }

    private boolean exceedsRecord(ByteString full, ByteString redacted) {
        return (long) full.size() + redacted.size() + FRAME_BYTES + RECIPIENT_BYTES_MAX > recordBytesMax;
    }

    private static String tooLarge(ByteString full) {
        return "payload of " + full.size() + " bytes exceeds a record";
    }

    /// Delivers one event; does nothing without recipients. A payload that no record could hold becomes a dead letter
    /// and reaches nobody: the view has changed by then, so that the other outputs must stand.
    ///
    /// @param redacted for the recipients without content; empty when it is the same
    public void deliver(
            Outputs out,
            long guildId,
            String type,
            ByteString full,
            ByteString redacted,
            Map<Integer, Recipients.OfShard> recipients) {
        if (recipients.isEmpty()) {
            return;
        }
        if (exceedsRecord(full, redacted)) {
            out.deadLetter(tooLarge(full));
            return;
        }
        recipients.forEach((shard, of) -> {
            var payloads = new ArrayList<Payload>(2);
            if (!of.full().isEmpty()) {
                payloads.add(payload(type, full));
            }
            if (!of.redacted().isEmpty()) {
                payloads.add(payload(type, redacted));
            }
            deliverToShard(out, guildId, shard, payloads, of.groups());
        });
    }

    /// Delivers to one session a payload that is built when it is sent. If it exceeds a record, the record is sent
    /// empty: its sequence is already assigned, and the log would reject it.
    ///
    /// @param payload builds the JSON of `d` on the shard's loop each time it is sent
    /// @param sizeEstimate the expected size in bytes
    public void deliverDeferred(
            Outputs out, long guildId, Subscription to, String type, Supplier<byte[]> payload, int sizeEstimate) {
        counters.onDelivery(1);
        Group group = Group.newBuilder().addRecipients(to.offset()).build();
        out.emit(ShardId.session(to.shard()), new Output() {
            @Override
            public byte[] encode(Origin origin) {
                byte[] data = payload.get();
                var deliver = Deliver.newBuilder().setGuildId(guildId);
                if (data.length + FRAME_BYTES <= recordBytesMax) {
                    deliver.addPayloads(payload(type, UnsafeByteOperations.unsafeWrap(data)))
                            .addGroups(group);
                }
                return SessionRecord.newBuilder()
                        .setOrigin(origin)
                        .setDeliver(deliver)
                        .build()
                        .toByteArray();
            }

            @Override
            public int sizeEstimate() {
                return sizeEstimate;
            }
        });
    }

    private void deliverToShard(Outputs out, long guildId, int shard, List<Payload> payloads, List<Group> groups) {
        int payloadBytes =
                payloads.stream().mapToInt(Payload::getSerializedSize).sum() + FRAME_BYTES;
        int room = recordBytesMax - payloadBytes;
        var fitting = new ArrayList<Group>();
        int used = 0;
        for (Group group : groups) {
            for (Group piece : pieces(group, room)) {
                int bytes = piece.getSerializedSize() + RECIPIENT_BYTES_MAX;
                if (used + bytes > room && !fitting.isEmpty()) {
                    emitRecord(out, guildId, shard, payloads, fitting, payloadBytes + used);
                    fitting.clear();
                    used = 0;
                }
                fitting.add(piece);
                used += bytes;
            }
        }
        if (!fitting.isEmpty()) {
            emitRecord(out, guildId, shard, payloads, fitting, payloadBytes + used);
        }
    }

    private void emitRecord(
            Outputs out, long guildId, int shard, List<Payload> payloads, List<Group> groups, int sizeEstimate) {
        Deliver deliver = Deliver.newBuilder()
                .setGuildId(guildId)
                .addAllPayloads(payloads)
                .addAllGroups(groups)
                .build();
        counters.onDelivery(groups.stream().mapToInt(Group::getRecipientsCount).sum());
        out.emit(
                ShardId.session(shard),
                new SessionRecordOutput(
                        SessionRecord.newBuilder().setDeliver(deliver).build(), sizeEstimate));
    }

    /// Splits a group that no record could hold; each piece encodes its offsets from zero.
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
}
