package dev.guildcast.fanout.publication;

import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.event.v1.GuildStateEntity;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.PublisherParts;
import dev.guildcast.event.v1.PublisherState;
import dev.guildcast.fanout.event.EntityKey;
import dev.guildcast.fanout.event.RecordRejectedException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collections;
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
/// account that uses more names than are kept evicts its own oldest, never those of others.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the last [#WINDOW] sequences of [#NAMES_MAX] names of each of [#ACCOUNTS_MAX] accounts; those that
///   published last stay. A name costs about 250 bytes, and one bit for each part of its documents.
/// - **Promise:** each (publisher, sequence, part) is new once while its publisher is kept. What is evicted follows
///   from the log alone.
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

    /// Bounds the memory of a name that a publisher chooses; the event catalogue accepts as many bytes.
    private static final int NAME_BYTES_MAX = 128;
    /// Bounds the bit set of a snapshot's parts to 128 KiB.
    private static final int PART_MAX = 1 << 20;

    private final Map<String, Account> accounts = new HashMap<>();
    private final Consumer<EntityKey> onChanged;

    /// @param onChanged is notified of each window that changed or was evicted
    public PublicationDeduplicator(Consumer<EntityKey> onChanged) {
        this.onChanged = onChanged;
    }

    /// Checks a publication and records it.
    ///
    /// @param offset of the record that it marks, above those of earlier calls but for parts of one record
    /// @throws RecordRejectedException if its publisher, sequence or part is outside the bounds; nothing has changed
    /// then
    public PublicationStatus accept(Publication publication, long offset) {
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
        Account account = accounts.computeIfAbsent(accountOf(name), ignored -> new Account());
        Window window = account.windows.computeIfAbsent(name, ignored -> new Window());
        PublicationStatus status = window.accept(publication.getSequence(), publication.getPart());
        if (status == PublicationStatus.NEW) {
            window.lastOffset = offset;
            notifyChanged(name);
            forgetOldest(account);
        }
        return status;
    }

    private static String accountOf(String name) {
        int stroke = name.indexOf('/');
        return stroke < 0 ? name : name.substring(0, stroke);
    }

    private void forgetOldest(Account current) {
        if (current.windows.size() > NAMES_MAX) {
            var oldest = oldest(current.windows, window -> window.lastOffset);
            current.windows.remove(oldest.getKey());
            notifyChanged(oldest.getKey());
        }
        if (accounts.size() > ACCOUNTS_MAX) {
            var oldest = oldest(accounts, Account::lastOffset);
            accounts.remove(oldest.getKey());
            oldest.getValue().windows.keySet().forEach(this::notifyChanged);
        }
    }

    private static <T> Map.Entry<String, T> oldest(Map<String, T> all, ToLongFunction<T> last) {
        return Collections.min(
                all.entrySet(),
                Comparator.<Map.Entry<String, T>>comparingLong(each -> last.applyAsLong(each.getValue()))
                        .thenComparing(Map.Entry::getKey));
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
        accounts.computeIfAbsent(accountOf(state.getPublisher()), ignored -> new Account())
                .windows
                .put(state.getPublisher(), new Window(state));
    }

    /// The checkpoint entity of a publisher; null if it is evicted.
    public @Nullable GuildStateEntity entity(String name) {
        Account account = accounts.get(accountOf(name));
        Window window = account == null ? null : account.windows.get(name);
        return window == null
                ? null
                : GuildStateEntity.newBuilder()
                        .setPublisher(window.toState(name))
                        .build();
    }

    private static final class Account {
        private final Map<String, Window> windows = new HashMap<>();

        long lastOffset() {
            return windows.values().stream()
                    .mapToLong(each -> each.lastOffset)
                    .max()
                    .orElse(-1);
        }
    }

    private static final class Window {
        private long highest = -1;
        private long lastOffset = -1;
        private final BitSet partZero = new BitSet(WINDOW);
        private final TreeMap<Long, BitSet> parts = new TreeMap<>();

        Window() {}

        Window(PublisherState state) {
            highest = state.getHighest();
            lastOffset = state.getLast();
            partZero.or(bits(state.getPartZeroList()));
            state.getPartsList().forEach(each -> parts.put(each.getSequence(), bits(each.getBitsList())));
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
            seen.set(bit);
            return PublicationStatus.NEW;
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
            parts.headMap(highest - WINDOW, true).clear();
        }

        PublisherState toState(String name) {
            var state = PublisherState.newBuilder()
                    .setPublisher(name)
                    .setHighest(highest)
                    .setLast(lastOffset);
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
