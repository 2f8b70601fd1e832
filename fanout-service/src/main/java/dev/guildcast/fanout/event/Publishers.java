package dev.guildcast.fanout.event;

import dev.guildcast.event.v1.GuildStateEntity;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.PublisherParts;
import dev.guildcast.event.v1.PublisherState;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Tells a publisher's repeats from what is new: a late first arrival inside the window is accepted, whatever is older
/// than the window is refused aloud.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the last 1024 sequences of each publisher. The number of publishers has no bound here: who holds a
/// token
///   chooses names under its own, and each name is remembered.
/// - **Promise:** each (publisher, sequence, part) is fresh once.
public final class Publishers {
    /// What a publication is to the shard.
    public enum Verdict {
        FRESH,
        REPEAT,
        TOO_OLD
    }

    /// Sequences remembered; a publisher keeps at most so many outstanding.
    public static final int WINDOW = 1024;

    private static final int NAME_BYTES_MAX = 128;
    private static final int PART_MAX = 1 << 20;

    private final Map<String, Window> windows = new HashMap<>();
    private final Touched touched;

    public Publishers(Touched touched) {
        this.touched = touched;
    }

    /// Judges a publication and remembers it.
    ///
    /// @throws Refused if it names its publisher or part outside the bounds
    public Verdict accept(Publication publication) {
        String name = publication.getPublisher();
        if (name.isEmpty()
                || name.length() > NAME_BYTES_MAX
                || name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
            throw new Refused("publisher's name is empty or longer than " + NAME_BYTES_MAX + " bytes");
        }
        if (publication.getPart() < 0 || publication.getPart() > PART_MAX || publication.getSequence() < 0) {
            throw new Refused("publication's sequence or part is out of range");
        }
        Verdict verdict = windows.computeIfAbsent(name, ignored -> new Window())
                .accept(publication.getSequence(), publication.getPart());
        if (verdict == Verdict.FRESH) {
            touched.touch(EntityKey.named(EntityKey.Kind.PUBLISHER, 0, name));
        }
        return verdict;
    }

    public void restore(PublisherState state) {
        windows.put(state.getPublisher(), new Window(state));
    }

    public @Nullable GuildStateEntity entity(String name) {
        Window window = windows.get(name);
        return window == null
                ? null
                : GuildStateEntity.newBuilder()
                        .setPublisher(window.toState(name))
                        .build();
    }

    private static final class Window {
        private long highest = -1;
        private final BitSet partZero = new BitSet(WINDOW);
        private final TreeMap<Long, BitSet> parts = new TreeMap<>();

        Window() {}

        Window(PublisherState state) {
            highest = state.getHighest();
            partZero.or(bits(state.getPartZeroList()));
            state.getPartsList().forEach(each -> parts.put(each.getSequence(), bits(each.getBitsList())));
        }

        Verdict accept(long sequence, int part) {
            if (sequence <= highest - WINDOW) {
                return Verdict.TOO_OLD;
            }
            advanceTo(sequence);
            BitSet seen = part == 0 ? partZero : parts.computeIfAbsent(sequence, ignored -> new BitSet());
            int bit = part == 0 ? (int) (sequence % WINDOW) : part;
            if (seen.get(bit)) {
                return Verdict.REPEAT;
            }
            seen.set(bit);
            return Verdict.FRESH;
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
            var state = PublisherState.newBuilder().setPublisher(name).setHighest(highest);
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
