package dev.guildcast.contract.catalogue;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/// Validates a whole text once, so that slices of it can be sent to clients unchanged.
///
/// Valid is well-formed JSON in well-formed UTF-8: one object, without duplicate keys, at most [#DEPTH_MAX] levels.
final class JsonValidator {
    /// Far more levels than any event has; bounds the recursion of what handles the text later.
    static final int DEPTH_MAX = 64;
    /// Characters of a key: far above any key in use; bounds the parser's table of names.
    private static final int NAME_CHARS_MAX = 256;
    /// Characters of a number: more than a 64-bit integer or a double needs.
    private static final int NUMBER_CHARS_MAX = 64;
    /// Buffer in which the encoding is checked: the text is decoded piecewise, never copied as a whole.
    private static final int DECODE_CHARS_MAX = 8192;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNameLength(NAME_CHARS_MAX)
                    .maxNumberLength(NUMBER_CHARS_MAX)
                    .build())
            .build();

    private JsonValidator() {}

    /// @return index of the object's first byte
    /// @throws InvalidEventException if the text is invalid
    static int validate(byte[] text) {
        checkEncoding(text);
        int start = 0;
        while (start < text.length && Json.isSpace(text[start])) {
            start++;
        }
        if (start == text.length || text[start] != '{') {
            throw new InvalidEventException("", "must be a JSON object");
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text, start, text.length - start)) {
            checkTokens(parser);
        }
        return start;
    }

    private static void checkTokens(JsonParser parser) {
        // Key sets of the open objects, and cleared ones for reuse.
        var open = new ArrayDeque<Set<String>>();
        var spare = new ArrayList<Set<String>>();
        try {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case START_OBJECT -> open.push(spare.isEmpty() ? new HashSet<>() : spare.removeLast());
                    case END_OBJECT -> {
                        var names = open.pop();
                        names.clear();
                        spare.add(names);
                        if (open.isEmpty() && parser.streamReadContext().inRoot()) {
                            checkEnd(parser);
                            return;
                        }
                    }
                    case PROPERTY_NAME -> {
                        if (!open.element().add(parser.currentName())) {
                            throw new InvalidEventException(
                                    path(parser.streamReadContext()), "occurs twice in its object");
                        }
                    }
                    // The parser is lazy: it finds an error within a string or number when that is finished.
                    case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.finishToken();
                    case START_ARRAY,
                            END_ARRAY,
                            VALUE_TRUE,
                            VALUE_FALSE,
                            VALUE_NULL,
                            VALUE_EMBEDDED_OBJECT,
                            NOT_AVAILABLE -> {}
                }
            }
        } catch (StreamConstraintsException e) {
            throw new InvalidEventException(
                    path(parser.streamReadContext()),
                    "exceeds a limit: " + DEPTH_MAX + " levels, " + NAME_CHARS_MAX + " characters of a key, "
                            + NUMBER_CHARS_MAX + " of a number");
        } catch (JacksonException e) {
            throw malformed(parser);
        }
        throw malformed(parser);
    }

    private static void checkEnd(JsonParser parser) {
        if (parser.nextToken() != null) {
            throw new InvalidEventException("", "has content after its object");
        }
    }

    private static InvalidEventException malformed(JsonParser parser) {
        // Jackson's own message quotes the text, which may contain data that must not be logged.
        return new InvalidEventException(
                path(parser.streamReadContext()),
                "malformed JSON at byte " + parser.currentLocation().getByteOffset());
    }

    private static String path(TokenStreamContext context) {
        var path = new StringBuilder();
        for (TokenStreamContext at = context; at != null && !at.inRoot(); at = at.getParent()) {
            if (at.inArray()) {
                path.insert(0, "[" + at.getCurrentIndex() + "]");
            } else if (at.currentName() != null) {
                path.insert(0, "." + at.currentName());
            }
        }
        return path.isEmpty() ? "" : path.substring(1);
    }

    private static void checkEncoding(byte[] text) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var in = ByteBuffer.wrap(text);
        var out = CharBuffer.allocate(Math.min(text.length + 1, DECODE_CHARS_MAX));
        while (true) {
            var result = decoder.decode(in, out, true);
            // Zero bytes are not JSON, but at index 1 one would make the parser detect UTF-16.
            for (int i = 0; i < out.position(); i++) {
                if (out.get(i) == 0) {
                    throw new InvalidEventException("", "malformed JSON: a zero byte");
                }
            }
            if (result.isError()) {
                throw new InvalidEventException("", "malformed UTF-8 at byte " + in.position());
            }
            if (result.isUnderflow()) {
                return;
            }
            out.clear();
        }
    }
}
