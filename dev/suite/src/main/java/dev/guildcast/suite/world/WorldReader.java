package dev.guildcast.suite.world;

import dev.guildcast.suite.world.WorldSource.Range;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// Reads the JSON of a world value by value, and refuses with its place what a service would misread: a key that an
/// object has twice, half of a surrogate pair, a number beyond the range of 64-bit floating point, an id beyond 64
/// bits.
///
/// - **Owner:** one thread.
/// - **Bound:** the keys of the objects around the current value, for finding those that come twice.
final class WorldReader implements AutoCloseable {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    static final String ID_EXPECTED = "an id as text, 1 to " + Long.toUnsignedString(-1L);

    private final String name;
    private final JsonParser parser;

    WorldReader(WorldSource source) throws IOException {
        this.name = source.name();
        this.parser =
                JSON.createParser(ObjectReadContext.empty(), source.content().open());
    }

    /// What to do with the value of a key, which is the current token.
    @FunctionalInterface
    interface KeyReader {
        void read(String key) throws IOException;
    }

    /// What to do with an element, which is the current token.
    @FunctionalInterface
    interface ElementReader {
        void read(int index) throws IOException;
    }

    /// Reads the document, one object with nothing after it.
    void readDocument(KeyReader reader) throws IOException {
        try {
            parser.nextToken();
            readObject(reader);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException(name + ", " + describe(parser.currentTokenLocation())
                        + ": more follows after the end of the object");
            }
        } catch (JacksonException e) {
            var place = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
            throw new IllegalArgumentException(name + ", " + describe(place) + path(" (", ")") + ": " + reason(e), e);
        }
    }

    private static String reason(JacksonException e) {
        var message = Objects.requireNonNullElse(e.getOriginalMessage(), "is not JSON");
        return message.startsWith("Duplicate Object property")
                ? message.replace("Duplicate Object property ", "the key ") + " comes twice in one object"
                : "not JSON: " + message;
    }

    /// Reads the current value, which must be an object.
    void readObject(KeyReader reader) throws IOException {
        require(parser.currentToken() == JsonToken.START_OBJECT, "an object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var key = parser.currentName();
            requireWellFormed(key);
            parser.nextToken();
            reader.read(key);
        }
    }

    /// Reads the current value, which must be an array.
    void readArray(ElementReader reader) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY, "an array");
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            reader.read(i);
        }
    }

    boolean isArray() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    boolean isObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    /// The current value, which must be an id as text.
    long readId() {
        var id = parseId();
        require(id != 0, ID_EXPECTED);
        return id;
    }

    /// The current value if it is an id as text, else 0, which ingress rejects; an object or array is read to its end.
    long readIdOrZero() throws IOException {
        long id = parseId();
        skip();
        return id;
    }

    private long parseId() {
        if (parser.currentToken() != JsonToken.VALUE_STRING
                || !parser.getString().matches("[0-9]{1,20}")) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(parser.getString());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /// The current value, which must be text.
    String readText() {
        require(parser.currentToken() == JsonToken.VALUE_STRING, "text");
        requireWellFormed(parser.getString());
        return parser.getString();
    }

    /// The text of the current value, verified; empty if it is something else.
    String readTextOrEmpty() throws IOException {
        var text = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : "";
        skip();
        return text;
    }

    boolean readBoolean() {
        require(parser.currentToken().isBoolean(), "true or false");
        return parser.getBooleanValue();
    }

    boolean isTrue() {
        return parser.currentToken() == JsonToken.VALUE_TRUE;
    }

    /// The current value, which must be a whole number from 0 on that a signed 64-bit number holds.
    void readFlags() {
        boolean fits = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && parser.getLongValue() >= 0;
        require(fits, "a whole number, 0 to " + Long.MAX_VALUE);
    }

    /// Where the current value begins.
    long startOffset() {
        return parser.currentTokenLocation().getByteOffset();
    }

    /// From an offset to the end of the current value, which has been read.
    Range rangeFrom(long startOffset) {
        return new Range(startOffset, parser.currentLocation().getByteOffset());
    }

    /// Verifies the current value with all that it contains, and moves to its end.
    void skip() throws IOException {
        int depth = 0;
        do {
            if (depth > 0) {
                parser.nextToken();
            }
            switch (parser.currentToken()) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case PROPERTY_NAME -> requireWellFormed(parser.currentName());
                case VALUE_STRING -> verifyText();
                case VALUE_NUMBER_FLOAT ->
                    require(Double.isFinite(parser.getDoubleValue()), "a number up to " + Double.MAX_VALUE);
                default -> {
                    // Nothing can be wrong with it.
                }
            }
        } while (depth > 0);
    }

    private void verifyText() {
        var text = parser.getString();
        requireWellFormed(text);
        var key = parser.currentName();
        boolean isId = key != null && (key.equals("id") || key.endsWith("_id")) && !key.equals("custom_id");
        if (isId && text.matches("[0-9]{20,}")) {
            readId();
        }
    }

    /// A half of a surrogate pair has no encoding in UTF-8.
    private void requireWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    throw invalid(
                            "text with \\u" + Integer.toHexString(c) + ", half of a surrogate pair",
                            "whole characters");
                }
            }
        }
    }

    void require(boolean holds, String expected) {
        if (!holds) {
            throw invalid(currentValue(), expected);
        }
    }

    private String currentValue() {
        var token = parser.currentToken();
        if (token == null) {
            return "empty";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "\"" + shorten(parser.getString()) + "\"";
            default -> shorten(String.valueOf(parser.getString()));
        };
    }

    private static String shorten(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    /// @param found the value, or what it is
    IllegalArgumentException invalid(String found, String expected) {
        var path = path("", "");
        return new IllegalArgumentException(name + ", " + describe(parser.currentTokenLocation()) + ": "
                + (path.isEmpty() ? "the file" : path) + " is " + found + " (expected: " + expected + ")");
    }

    private static String describe(TokenStreamLocation place) {
        return "line " + place.getLineNr() + ", column " + place.getColumnNr();
    }

    /// Such as `guilds[0].members[3].nick`; empty for the document itself.
    private String path(String before, String after) {
        var steps = new ArrayDeque<String>();
        for (TokenStreamContext at = parser.streamReadContext(); at != null; at = at.getParent()) {
            if (at.inArray() && at.hasCurrentIndex()) {
                steps.addFirst("[" + at.getCurrentIndex() + "]");
            } else if (at.inObject() && at.hasCurrentName()) {
                steps.addFirst("." + at.currentName());
            }
        }
        var path = String.join("", steps);
        return path.isEmpty() ? "" : before + (path.startsWith(".") ? path.substring(1) : path) + after;
    }

    @Override
    public void close() {
        parser.close();
    }
}
