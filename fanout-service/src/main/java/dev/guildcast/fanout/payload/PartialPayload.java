package dev.guildcast.fanout.payload;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.event.v1.Concealment;
import dev.guildcast.fanout.view.RecordRejectedException;
import java.util.List;
import java.util.function.Predicate;

/// A payload, and the parts of it that not every recipient sees.
///
/// @param concealments by ascending start; a part that contains others comes before them
public record PartialPayload(ByteString json, List<Concealment> concealments) {
    /// No payload at all.
    public static final PartialPayload NONE = new PartialPayload(ByteString.EMPTY, List.of());

    /// A payload that was built from the view; it may name channels that some recipients do not see.
    public static PartialPayload derived(String type, byte[] json) {
        return new PartialPayload(UnsafeByteOperations.unsafeWrap(json), EventCatalogue.concealments(type, json));
    }

    /// A payload that all recipients see alike.
    public static PartialPayload whole(byte[] json) {
        return new PartialPayload(UnsafeByteOperations.unsafeWrap(json), List.of());
    }

    /// Rejects parts that are not within the payload, or do not ascend; for records that no ingress has made.
    ///
    /// @throws RecordRejectedException if a part could not be hidden
    public static void requireValid(ByteString json, List<Concealment> concealments) {
        int before = 0;
        for (Concealment part : concealments) {
            if (part.getFrom() < before || part.getTo() < part.getFrom() || part.getTo() > json.size()) {
                throw new RecordRejectedException("concealment of bytes " + Integer.toUnsignedLong(part.getFrom())
                        + " to " + Integer.toUnsignedLong(part.getTo()) + " of a payload of " + json.size());
            }
            before = part.getFrom();
        }
    }

    /// The payload without some of its parts.
    public ByteString without(Predicate<Concealment> hidden) {
        Splice splice = null;
        int end = 0;
        for (Concealment part : concealments) {
            if (part.getFrom() >= end && hidden.test(part)) {
                splice = splice == null ? new Splice(json.toByteArray()) : splice;
                splice.hide(part);
                end = part.getTo();
            }
        }
        return splice == null ? json : splice.finish();
    }

    /// Copies a text without some parts; the comma of an element that is left out goes with it.
    private static final class Splice {
        private final byte[] text;
        private byte[] out;
        private int length;
        private int at;

        Splice(byte[] text) {
            this.text = text;
            this.out = new byte[text.length];
        }

        void hide(Concealment part) {
            copy(text, at, part.getFrom());
            at = part.getTo();
            if (!part.getReplacement().isEmpty()) {
                byte[] replacement = part.getReplacement().toByteArray();
                copy(replacement, 0, replacement.length);
                return;
            }
            int next = at;
            while (next < text.length && isSpace(text[next])) {
                next++;
            }
            if (next < text.length && text[next] == ',') {
                at = next + 1;
            } else {
                dropTrailingComma();
            }
        }

        ByteString finish() {
            copy(text, at, text.length);
            return ByteString.copyFrom(out, 0, length);
        }

        private void dropTrailingComma() {
            int before = length;
            while (before > 0 && isSpace(out[before - 1])) {
                before--;
            }
            if (before > 0 && out[before - 1] == ',') {
                length = before - 1;
            }
        }

        private void copy(byte[] from, int start, int end) {
            int count = Math.max(0, end - start);
            if (length + count > out.length) {
                out = java.util.Arrays.copyOf(out, Math.max(out.length * 2, length + count));
            }
            System.arraycopy(from, start, out, length, count);
            length += count;
        }

        private static boolean isSpace(byte b) {
            return b == ' ' || b == '\n' || b == '\r' || b == '\t';
        }
    }
}
