package dev.guildcast.session.push;

import dev.guildcast.session.dispatch.DispatchRenderer;
import dev.guildcast.session.dispatch.SequencedDispatch;
import dev.guildcast.session.dispatch.SessionRecords;
import dev.guildcast.session.resume.LogPayloadReader;
import dev.guildcast.session.resume.LoggedRecord;
import dev.guildcast.session.resume.PayloadWindow;
import dev.guildcast.session.resume.RecordSource;
import dev.guildcast.session.resume.ResumeRing;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.session.stream.GatewayLink;
import dev.guildcast.session.stream.HostMessages;
import dev.guildcast.shard.OwnedShard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Pushes to each attached session what lies between its cursor and the newest dispatch.
///
/// The ring is the only buffer. A session that is up to date is pushed each dispatch as it is applied; one that is
/// behind, or whose gateway accepts no more, is queued here and then served from the ring.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** each attached session is queued once; a turn is [#TURN_ENTRIES] or one batch, and [#TURNS_PER_PUMP]
///   turns run at a time.
/// - **Promise:** entries of a session are sent in order and without a gap; ReplayDone follows those of the replay.
public final class CursorPump implements GatewayLink.WritableListener {
    /// Short enough that a long replay does not delay the other sessions of the gateway.
    private static final int TURN_ENTRIES = 64;
    /// About 4 000 entries: then the loop applies records again before it goes on with the replays.
    private static final int TURNS_PER_PUMP = 64;
    /// One turn's worth, so that a read that the connection no longer needs costs little.
    private static final int READ_RECORDS_MAX = 64;

    private final OwnedShard shard;
    private final SessionShard machine;
    private final AttachTable table;
    private final PayloadWindow window;
    private final LogPayloadReader reader;
    private final BatchWriter writer;
    private final OverrunHandler overrunHandler;
    // In order of arrival, so that runs are reproducible.
    private final Map<GatewayLink, ArrayDeque<AttachedSession>> queues = new LinkedHashMap<>();
    private final List<AttachedSession> readRetries = new ArrayList<>();

    public CursorPump(
            OwnedShard shard,
            SessionShard machine,
            AttachTable table,
            RecordSource records,
            BatchWriter writer,
            OverrunHandler overrunHandler) {
        this.shard = shard;
        this.machine = machine;
        this.table = table;
        this.window = records.window();
        this.reader = records.reader();
        this.writer = writer;
        this.overrunHandler = overrunHandler;
    }

    /// A session was assigned a sequence for the record just applied.
    public void onSequenced(SequencedDispatch sequenced, LoggedRecord logged, long offset) {
        var holder = table.holder(sequenced.session().offset());
        if (holder == null || holder.isParked()) {
            return;
        }
        if (holder.isQueued()
                || holder.cursor() != sequenced.sequence() - 1
                || !holder.link().canPush()) {
            enqueue(holder);
            return;
        }
        var record = logged.record();
        writer.addEntry(
                holder,
                sequenced.sequence(),
                offset,
                sequenced.payload(),
                logged.publishedMillis(),
                () -> record.hasDeliver()
                        ? DispatchRenderer.payload(record.getDeliver(), sequenced.payload())
                        : DispatchRenderer.render(record, sequenced.session()));
        holder.onWritten(sequenced.sequence());
    }

    /// Queues a session that is, or may be, behind.
    public void enqueue(AttachedSession holder) {
        if (!holder.isQueued() && !holder.isParked()) {
            holder.setQueued(true);
            queues.computeIfAbsent(holder.link(), link -> new ArrayDeque<>()).add(holder);
        }
    }

    /// Serves all queued sessions, as far as their gateways accept more.
    public void pumpAll() {
        writer.flushAll();
        for (var link : List.copyOf(queues.keySet())) {
            pump(link);
        }
    }

    /// Retries the reads that the log's reader had no room for, or that failed.
    public void onTick() {
        if (!readRetries.isEmpty()) {
            var retries = List.copyOf(readRetries);
            readRetries.clear();
            for (var holder : retries) {
                holder.setQueued(false);
                enqueue(holder);
            }
            pumpAll();
        }
    }

    public void onLinkClosed(GatewayLink link) {
        queues.remove(link);
    }

    public void clear() {
        queues.clear();
        readRetries.clear();
    }

    @Override
    public void offerPump(GatewayLink link) {
        shard.execute(() -> pump(link));
    }

    private void pump(GatewayLink link) {
        var queue = queues.get(link);
        if (queue == null) {
            return;
        }
        for (int turn = 0; !queue.isEmpty(); turn++) {
            if (!link.canPush()) {
                writer.flush(link);
                link.callWhenWritable(this);
                return;
            }
            if (turn == TURNS_PER_PUMP) {
                writer.flush(link);
                offerPump(link);
                return;
            }
            var holder = queue.poll();
            holder.setQueued(false);
            if (table.holds(holder) && !holder.isParked()) {
                serve(holder);
            }
        }
        queues.remove(link);
        writer.flush(link);
    }

    private void serve(AttachedSession holder) {
        var ring = machine.ring(holder.session());
        long bytes = 0;
        for (int n = 0; holder.isBehind() && n < TURN_ENTRIES && bytes < BatchWriter.BATCH_BYTES; n++) {
            int next = holder.cursor() + 1;
            if (next < ring.firstSequence()) {
                overrunHandler.onRingOverrun(holder);
                return;
            }
            long offset = ring.offset(next);
            var logged = find(holder, offset);
            if (logged == null) {
                requestRead(holder, ring);
                return;
            }
            var record = logged.record();
            int payload = record.hasDeliver()
                    ? SessionRecords.payloadFor(
                            record.getDeliver(), holder.session().offset())
                    : 0;
            var dispatch = DispatchRenderer.render(record, holder.session());
            writer.addEntry(holder, next, offset, payload, logged.publishedMillis(), () -> dispatch);
            bytes += dispatch.data().size();
            holder.onWritten(next);
        }
        if (holder.isBehind()) {
            enqueue(holder);
        } else {
            holder.holdFetched(Map.of());
            sendReplayDone(holder);
        }
    }

    /// Sends ReplayDone once, after the entries of the replay.
    public void sendReplayDone(AttachedSession holder) {
        holder.takeReplayDone()
                .ifPresent(last -> writer.sendControl(holder.link(), HostMessages.replayDone(holder.handle(), last)));
    }

    private @Nullable LoggedRecord find(AttachedSession holder, long offset) {
        var fetched = holder.fetched(offset);
        return fetched != null ? fetched : window.at(offset);
    }

    private void requestRead(AttachedSession holder, ResumeRing ring) {
        long[] offsets = new long[Math.min(READ_RECORDS_MAX, ring.lastSequence() - holder.cursor())];
        int missingCount = 0;
        while (missingCount < offsets.length) {
            long offset = ring.offset(holder.cursor() + 1 + missingCount);
            if (window.at(offset) != null) {
                break;
            }
            offsets[missingCount++] = offset;
        }
        holder.setQueued(true);
        long[] missing = Arrays.copyOf(offsets, missingCount);
        var offer = reader.offerRead(
                machine.shard().index(), missing, result -> shard.execute(() -> onRead(holder, result)));
        if (offer != LogPayloadReader.Offer.ACCEPTED) {
            readRetries.add(holder);
        }
    }

    private void onRead(AttachedSession holder, LogPayloadReader.ReadResult result) {
        if (!table.holds(holder) || holder.isParked()) {
            holder.setQueued(false);
            return;
        }
        switch (result) {
            case LogPayloadReader.ReadResult.Records records -> {
                holder.setQueued(false);
                holder.holdFetched(records.byOffset());
                enqueue(holder);
                pump(holder.link());
            }
            case LogPayloadReader.ReadResult.Trimmed trimmed -> overrunHandler.onLogOverrun(holder);
            case LogPayloadReader.ReadResult.Failed failed -> readRetries.add(holder);
        }
    }

    /// Handles sessions whose next dispatch is no longer available.
    public interface OverrunHandler {
        /// The ring has evicted its reference: the gateway attaches again and is then answered.
        void onRingOverrun(AttachedSession holder);

        /// The log no longer holds its record.
        void onLogOverrun(AttachedSession holder);
    }
}
