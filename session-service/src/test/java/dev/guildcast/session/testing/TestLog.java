package dev.guildcast.session.testing;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.shard.v1.Checkpointed;
import dev.guildcast.shard.v1.Claim;
import java.util.ArrayList;
import java.util.List;

/// One partition of session.log.
public final class TestLog {
    public record Entry(SessionRecord record, long atMillis, boolean ephemeral) {}

    private final List<Entry> entries = new ArrayList<>();
    private long nowMillis = 1_700_000_000_000L;
    private long epoch;

    public long append(SessionRecord record) {
        entries.add(new Entry(record, nowMillis, false));
        return entries.size() - 1;
    }

    public long appendEphemeral(SessionRecord record) {
        entries.add(new Entry(record, nowMillis, true));
        return entries.size() - 1;
    }

    public void claim(long nonce) {
        append(SessionRecord.newBuilder()
                .setClaim(Claim.newBuilder().setEpoch(++epoch).setNonce(nonce))
                .build());
    }

    public void checkpointed(long nonce) {
        append(SessionRecord.newBuilder()
                .setCheckpointed(Checkpointed.newBuilder().setOffset(end()).setNonce(nonce))
                .build());
    }

    public void advance(long millis) {
        nowMillis += millis;
    }

    public long nowMillis() {
        return nowMillis;
    }

    public long end() {
        return entries.size();
    }

    public Entry at(long offset) {
        return entries.get((int) offset);
    }
}
