package dev.guildcast.fanout.publication;

import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.event.v1.GuildStateEntity;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.PublisherParts;
import dev.guildcast.event.v1.PublisherState;
import dev.guildcast.fanout.view.EntityKey;
import dev.guildcast.fanout.view.RecordRejectedException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Deduplicates publications: a late first arrival inside the window is accepted; what is older than the window is
/// reported as too old.
///
/// A publisher is called `account` or `account/anything`: the holder of a token chooses what follows the slash. An
/// account that uses more names than are kept evicts its own oldest, never those of others. A name that published
/// within [#KEPT_MILLIS] is not evicted: rather is the publication rejected that would take its place.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the last [#WINDOW] sequences of [#NAMES_MAX] names of each of [#ACCOUNTS_MAX] accounts;
///   [#ACCOUNT_BYTES_MAX] for an account, [#BYTES_MAX] in all. A name costs [#NAME_BYTES], and a bit for each part of
///   its guild snapshots.
/// - **Promise:** each (publisher, sequence, part) is new once while its publisher is kept, which is at least
///   [#KEPT_MILLIS] of the log's time after its last publication. What is evicted follows from the log alone.
public final class PublicationDeduplicator {
    /// The result of deduplication.
    public enum PublicationStatus {
        NEW,
        DUPLICATE,
        TOO_OLD
    }

    /// Sequences kept; a publisher may have at most this many outstanding, which is four times the default of a gRPC
    /// call.
    public static final int WINDOW = 1024;

    /// Names kept of one account: several times the instances that publish at a time.
    public static final int NAMES_MAX = 256;

    /// Accounts kept; there are as many as tokens, unless backends write the logs themselves.
    public static final int ACCOUNTS_MAX = 1024;

    /// Log time for which a name is kept after its last publication: as long as a Kafka producer retries by default, so
    /// that a retried send is recognised.
    public static final long KEPT_MILLIS = 120_000;

    /// Bytes of one account's windows: all its names, and three times as much for parts.
    public static final long ACCOUNT_BYTES_MAX = 512 << 10;

    /// Bytes of all windows of a shard: 128 accounts at their bound, or all accounts with 128 names each.
    public static final long BYTES_MAX = 64 << 20;

    /// About what a name costs: the name of up to 128 bytes, its window and its entry.
    static final int NAME_BYTES = 512;
    /// About what the parts of one sequence cost besides their bits.
    private static final int PARTS_BYTES = 96;

    /// Bounds the memory of a name that a publisher chooses; the event catalogue accepts as many bytes.
    private static final int NAME_BYTES_MAX = 128;
    /// Bounds the bit set of a snapshot's parts to 128 KiB.
    private static final int PART_MAX = 1 << 20;

    private final Map<String, PublisherAccount> accounts = new HashMap<>();
    private final Consumer<EntityKey> onChanged;
    private long bytes;

    /// @param onChanged is notified of each window that changed or was evicted
    public PublicationDeduplicator(Consumer<EntityKey> onChanged) {
        this.onChanged = onChanged;
    }

    /// Checks a publication and records it.
    ///
    /// @param offset of the record that it marks, above those of earlier calls but for parts of one record
    /// @param nowMillis the record's log timestamp, Unix milliseconds
    /// @throws RecordRejectedException if its publisher, sequence or part is outside the bounds, or there is no
    ///     room for another publisher; its window has not changed then
    public PublicationStatus accept(Publication publication, long offset, long nowMillis) {
        String name = publication.getPublisher();
        if (name.isEmpty()
                || name.length() > NAME_BYTES_MAX
                || name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
            throw new RecordRejectedException("publisher's name is empty or longer than " + NAME_BYTES_MAX + " bytes");
        }
        if (Long.compareUnsigned(publication.getSequence(), EventCatalogue.SEQUENCE_MAX) > 0) {
            // The ingress refuses it too, but the record may be older than that rule, or of a backend that writes the
            // logs itself.
            throw new RecordRejectedException(
                    "publication's sequence is " + Long.toUnsignedString(publication.getSequence()) + " (at most "
                            + EventCatalogue.SEQUENCE_MAX + ")");
        }
        if (Integer.compareUnsigned(publication.getPart(), PART_MAX) > 0) {
            throw new RecordRejectedException("publication's part is " + Integer.toUnsignedString(publication.getPart())
                    + " (at most " + PART_MAX + ")");
        }
        makeRoom(publication, nowMillis);
        PublisherAccount account = accounts.computeIfAbsent(accountOf(name), ignored -> new PublisherAccount());
        Window window = account.windows.get(name);
        if (window == null) {
            window = new Window();
            account.windows.put(name, window);
            add(account, window.bytes());
        }
        long bytesBefore = window.bytes();
        PublicationStatus status = window.accept(publication.getSequence(), publication.getPart());
        add(account, window.bytes() - bytesBefore);
        if (status == PublicationStatus.NEW) {
            window.lastOffset = offset;
            window.lastMillis = nowMillis;
            notifyChanged(name);
        }
        return status;
    }

    private static String accountOf(String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? name : name.substring(0, slash);
    }

    private void add(PublisherAccount account, long more) {
        account.bytes += more;
        bytes += more;
    }

    /// Evicts until a publication fits.
    private void makeRoom(Publication publication, long nowMillis) {
        String name = publication.getPublisher();
        String accountName = accountOf(name);
        PublisherAccount account = accounts.get(accountName);
        Window window = account == null ? null : account.windows.get(name);
        boolean newName = window == null;
        int part = publication.getPart();
        boolean newPart = part > 0 && (window == null || window.isNewPart(publication.getSequence(), part));
        long more = (newName ? NAME_BYTES : 0) + (newPart ? PARTS_BYTES + (part / 64 + 1) * 8L : 0);
        if (more == 0) {
            return;
        }
        while (account != null
                && (newName && account.windows.size() >= NAMES_MAX || account.bytes + more > ACCOUNT_BYTES_MAX)) {
            var oldest = oldest(account.windows, name, each -> each.lastOffset);
            if (oldest == null || isRecent(oldest.getValue().lastMillis, nowMillis)) {
                throw new RecordRejectedException("publisher account " + accountName + " uses more than " + NAMES_MAX
                        + " names or " + ACCOUNT_BYTES_MAX + " bytes within " + KEPT_MILLIS / 60_000 + " min");
            }
            account.windows.remove(oldest.getKey());
            add(account, -oldest.getValue().bytes());
            notifyChanged(oldest.getKey());
        }
        while (account == null && accounts.size() >= ACCOUNTS_MAX || bytes + more > BYTES_MAX) {
            var oldest = oldest(accounts, accountName, PublisherAccount::lastOffset);
            if (oldest == null || isRecent(oldest.getValue().lastMillis(), nowMillis)) {
                throw new RecordRejectedException("publisher account " + accountName + " is one of more than "
                        + ACCOUNTS_MAX + ", or they use more than " + BYTES_MAX + " bytes, within "
                        + KEPT_MILLIS / 60_000 + " min");
            }
            accounts.remove(oldest.getKey());
            bytes -= oldest.getValue().bytes;
            oldest.getValue().windows.keySet().forEach(this::notifyChanged);
        }
    }

    private static boolean isRecent(long lastMillis, long nowMillis) {
        return nowMillis - lastMillis < KEPT_MILLIS;
    }

    private static <T> Map.@Nullable Entry<String, T> oldest(
            Map<String, T> all, String except, ToLongFunction<T> last) {
        return all.entrySet().stream()
                .filter(each -> !each.getKey().equals(except))
                .min(Comparator.<Map.Entry<String, T>>comparingLong(each -> last.applyAsLong(each.getValue()))
                        .thenComparing(Map.Entry::getKey))
                .orElse(null);
    }

    private void notifyChanged(String name) {
        onChanged.accept(EntityKey.named(EntityKey.Kind.PUBLISHER, 0, name));
    }

    /// Restores a window. One that lies above the bound of sequences is of an earlier version and is left out: no
    /// sequence that is accepted now is in it, and all of them would be too old for it.
    public void restore(PublisherState state) {
        if (Long.compareUnsigned(state.getHighest(), EventCatalogue.SEQUENCE_MAX) > 0) {
            return;
        }
        PublisherAccount account =
                accounts.computeIfAbsent(accountOf(state.getPublisher()), ignored -> new PublisherAccount());
        var window = new Window(state);
        account.windows.put(state.getPublisher(), window);
        add(account, window.bytes());
    }

    /// The checkpoint entity of a publisher; null if it is evicted.
    public @Nullable GuildStateEntity entity(String name) {
        PublisherAccount account = accounts.get(accountOf(name));
        Window window = account == null ? null : account.windows.get(name);
        return window == null
                ? null
                : GuildStateEntity.newBuilder()
                        .setPublisher(window.toState(name))
                        .build();
    }

    private static final class PublisherAccount {
        private final Map<String, Window> windows = new HashMap<>();
        private long bytes;

        long lastMillis() {
            return windows.values().stream()
                    .mapToLong(window -> window.lastMillis)
                    .max()
                    .orElse(0);
        }

        long lastOffset() {
            return windows.values().stream()
                    .mapToLong(window -> window.lastOffset)
                    .max()
                    .orElse(-1);
        }
    }

    private static final class Window {
        private long highest = -1;
        private long lastOffset = -1;
        private long lastMillis;
        private long partsBytes;
        private final BitSet partZero = new BitSet(WINDOW);
        private final TreeMap<Long, BitSet> parts = new TreeMap<>();

        Window() {}

        Window(PublisherState state) {
            highest = state.getHighest();
            lastOffset = state.getLast();
            lastMillis = state.getLastMillis();
            partZero.or(bits(state.getPartZeroList()));
            state.getPartsList().forEach(each -> parts.put(each.getSequence(), bits(each.getBitsList())));
            parts.values().forEach(each -> partsBytes += bytesOf(each));
        }

        long bytes() {
            return NAME_BYTES + partsBytes;
        }

        /// By the highest bit, not by the capacity, so that a restored window counts as much as the original.
        private static long bytesOf(BitSet bits) {
            return PARTS_BYTES + (bits.length() + 63) / 64 * 8L;
        }

        /// @param sequence from 0, at most [EventCatalogue#SEQUENCE_MAX]: no difference overflows
        PublicationStatus accept(long sequence, int part) {
            if (sequence <= highest - WINDOW) {
                return PublicationStatus.TOO_OLD;
            }
            advanceTo(sequence);
            BitSet seen = part == 0 ? partZero : parts.computeIfAbsent(sequence, ignored -> new BitSet());
            int bit = part == 0 ? (int) (sequence % WINDOW) : part;
            if (seen.get(bit)) {
                return PublicationStatus.DUPLICATE;
            }
            if (part == 0) {
                seen.set(bit);
            } else {
                long before = seen.isEmpty() ? 0 : bytesOf(seen);
                seen.set(bit);
                partsBytes += bytesOf(seen) - before;
            }
            return PublicationStatus.NEW;
        }

        boolean isNewPart(long sequence, int part) {
            BitSet seen = parts.get(sequence);
            return sequence > highest - WINDOW && (seen == null || !seen.get(part));
        }

        private void advanceTo(long sequence) {
            if (sequence <= highest) {
                return;
            }
            if (sequence - highest >= WINDOW) {
                partZero.clear();
            } else {
                for (long each = highest + 1; each <= sequence; each++) {
                    partZero.clear((int) (each % WINDOW));
                }
            }
            highest = sequence;
            var old = parts.headMap(highest - WINDOW, true);
            old.values().forEach(each -> partsBytes -= bytesOf(each));
            old.clear();
        }

        PublisherState toState(String name) {
            var state = PublisherState.newBuilder()
                    .setPublisher(name)
                    .setHighest(highest)
                    .setLast(lastOffset)
                    .setLastMillis(lastMillis);
            for (long word : partZero.toLongArray()) {
                state.addPartZero(word);
            }
            parts.forEach((sequence, bits) -> {
                var entry = PublisherParts.newBuilder().setSequence(sequence);
                for (long word : bits.toLongArray()) {
                    entry.addBits(word);
                }
                state.addParts(entry);
            });
            return state.build();
        }

        private static BitSet bits(java.util.List<Long> words) {
            return BitSet.valueOf(words.stream().mapToLong(Long::longValue).toArray());
        }
    }
}
