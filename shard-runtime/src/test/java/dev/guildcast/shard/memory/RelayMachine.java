package dev.guildcast.shard.memory;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.ShardId;
import dev.guildcast.delivery.v1.Deliver;
import dev.guildcast.delivery.v1.Payload;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.shard.NoResult;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardMachine;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The smallest first stage: counts events by guild and emits each, with its count, to every session shard.
public final class RelayMachine implements ShardMachine<GuildRecord, NoResult> {
    public static final String POISON = "POISON";
    private final int targets;
    final Map<String, Long> counts = new TreeMap<>();
    private final TreeSet<String> dirtyKeys = new TreeSet<>();

    public RelayMachine(int targets) {
        this.targets = targets;
    }

    @Override
    public NoResult apply(GuildRecord record, RecordContext context, Outputs out) {
        var event = record.getEvent();
        if (event.getType().equals(POISON)) {
            emit(out, ShardId.session(0), "never seen");
            throw new IllegalArgumentException("poison");
        }
        var key = Long.toString(event.getGuildId());
        long count = counts.merge(key, 1L, Long::sum);
        dirtyKeys.add(key);
        for (int i = 0; i < targets; i++) {
            emit(out, ShardId.session(i), key + ":" + count);
        }
        return NoResult.NONE;
    }

    @Override
    public void applyEphemeral(GuildRecord record, RecordContext context, Outputs out) {
        emit(out, ShardId.session(0), "typing:" + context.offset());
    }

    private static void emit(Outputs out, ShardId target, String text) {
        out.emit(
                target,
                origin -> SessionRecord.newBuilder()
                        .setOrigin(origin)
                        .setDeliver(Deliver.newBuilder()
                                .addPayloads(Payload.newBuilder().setData(ByteString.copyFromUtf8(text))))
                        .build()
                        .toByteArray());
    }

    @Override
    public void restore(String key, byte[] value) {
        counts.put(key, Long.parseLong(new String(value, StandardCharsets.UTF_8)));
    }

    @Override
    public Map<String, byte @Nullable []> drainDirty() {
        Map<String, byte @Nullable []> entities = new HashMap<>();
        for (var key : dirtyKeys) {
            entities.put(key, Long.toString(counts.get(key)).getBytes(StandardCharsets.UTF_8));
        }
        dirtyKeys.clear();
        return entities;
    }
}
