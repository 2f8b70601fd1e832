package dev.guildcast.shard.memory;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.shard.NoResult;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardMachine;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The smallest second stage: keeps what it receives, in order.
public final class CollectMachine implements ShardMachine<SessionRecord, NoResult> {
    private static final String KEY = "received";
    public final List<String> received = new CopyOnWriteArrayList<>();
    private boolean dirty;

    @Override
    public NoResult apply(SessionRecord record, RecordContext context, Outputs out) {
        received.add(record.getDeliver().getPayloads(0).getData().toStringUtf8());
        dirty = true;
        return NoResult.NONE;
    }

    @Override
    public void restore(String key, byte[] value) {
        received.addAll(List.of(new String(value, StandardCharsets.UTF_8).split("\n")));
    }

    @Override
    public Map<String, byte @Nullable []> drainDirty() {
        Map<String, byte @Nullable []> entities = new HashMap<>();
        if (dirty) {
            entities.put(KEY, String.join("\n", received).getBytes(StandardCharsets.UTF_8));
            dirty = false;
        }
        return entities;
    }
}
