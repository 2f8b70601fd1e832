package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.memory.MemoryInstallation;
import dev.guildcast.shard.memory.MemoryLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One number for all that a run left behind: every record of every log with its timestamp, every checkpoint, and every
/// dispatch that a client received. Two builds whose digests are the same for a seed behaved alike in that run, so a
/// change that must not change behaviour is checked by comparing them.
final class HistoryDigest {
    private final MessageDigest sha256;

    HistoryDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @return 64 hexadecimal digits
    static String of(DeliverySimulation simulation) {
        var digest = new HistoryDigest();
        for (var shard : simulation.config.topology().shards()) {
            digest.addLog(simulation.installation.log(shard));
            if (shard.kind() == ShardId.Kind.GUILD) {
                digest.addLog(simulation.installation.ephemeral(shard));
            }
            digest.addCheckpoint(simulation.installation.checkpoint(shard));
        }
        simulation.clientDriver.clients.forEach(digest::addClient);
        digest.add(simulation.nanoTime());
        return HexFormat.of().formatHex(digest.sha256.digest());
    }

    /// One dispatch as a client received it.
    void addDispatch(int sequence, String type, byte[] data) {
        add(sequence);
        add(type);
        add(data);
    }

    private void addLog(MemoryLog log) {
        add(log.end());
        for (long offset = 0; offset < log.end(); offset++) {
            var entry = log.at(offset);
            add(entry.timestampMillis());
            add(entry.record());
        }
    }

    private void addCheckpoint(MemoryInstallation.@Nullable Checkpoint checkpoint) {
        if (checkpoint == null) {
            add(-1);
            return;
        }
        add(checkpoint.position());
        new TreeMap<>(checkpoint.entities()).forEach((key, value) -> {
            add(key);
            add(value);
        });
    }

    private void addClient(SimulatedClient client) {
        add(client.number);
        add(client.receivedDigest.sha256.digest());
    }

    private void add(long value) {
        sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
    }

    private void add(String value) {
        add(value.getBytes(StandardCharsets.UTF_8));
    }

    private void add(byte[] value) {
        add(value.length);
        sha256.update(value);
    }
}
