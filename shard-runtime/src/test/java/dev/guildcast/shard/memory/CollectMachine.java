package dev.guildcast.shard.memory;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardMachine;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The smallest second stage: remembers what it was told, in order.
public final class CollectMachine implements ShardMachine<SessionRecord> {
    private static final String KEY = "told";
    public final List<String> told = new CopyOnWriteArrayList<>();
    private boolean touched;

    @Override
    public void apply(SessionRecord record, RecordContext at, Outputs out) {
        told.add(record.getDeliver().getPayloads(0).getData().toStringUtf8());
        touched = true;
    }

    @Override
    public void restore(String key, byte[] value) {
        told.addAll(List.of(new String(value, StandardCharsets.UTF_8).split("\n")));
    }

    @Override
    public Map<String, byte @Nullable []> drainTouched() {
        Map<String, byte @Nullable []> entities = new HashMap<>();
        if (touched) {
            entities.put(KEY, String.join("\n", told).getBytes(StandardCharsets.UTF_8));
            touched = false;
        }
        return entities;
    }
}
