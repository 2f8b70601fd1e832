package dev.guildcast.fanout.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.fanout.ingress.EventFrameDecoder.Form;
import dev.guildcast.fanout.ingress.EventFrameDecoder.Piece;
import dev.guildcast.fanout.ingress.EventFrameDecoder.StopReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventFrameDecoderTest {
    private final InFlightLimit inFlight = new InFlightLimit(10, 70 << 20);

    private List<String> split(Form form, String body, int chunk) {
        var splitter = new EventFrameDecoder(form, inFlight, 1 << 20);
        var pieces = new ArrayList<Piece>();
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += chunk) {
            pieces.addAll(splitter.feed(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + chunk))));
        }
        pieces.addAll(splitter.end());
        splitter.close();
        assertThat(inFlight.bytes()).isZero();
        return pieces.stream().map(EventFrameDecoderTest::describe).toList();
    }

    private static String describe(Piece piece) {
        return switch (piece) {
            case Piece.Event event -> new String(event.text(), StandardCharsets.UTF_8);
            case Piece.OversizedEvent ignored -> "TOO LARGE";
            case Piece.Stop stop -> stop.stopReason() + ": " + stop.detail();
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void anArrayIsCutIntoItsElementsWhereverItsChunksEnd(int chunk) {
        var body = " [ {\"a\":\"]},\\\"\\\\\"} ,[1,{}], \"x\\\"y\" ,12,null\n,{\"b\":[[ ]]}]\r\n";
        assertThat(split(Form.ARRAY, body, chunk))
                .containsExactly("{\"a\":\"]},\\\"\\\\\"}", "[1,{}]", "\"x\\\"y\"", "12", "null", "{\"b\":[[ ]]}");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1000})
    void oneEventNeedsNoArray(int chunk) {
        assertThat(split(Form.ARRAY, " {\"a\":1} \n", chunk)).containsExactly("{\"a\":1}");
        assertThat(split(Form.ARRAY, "[]", chunk)).isEmpty();
        assertThat(split(Form.ARRAY, " [ ] ", chunk)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 1000})
    void linesAreCutWhereTheyEndAndEmptyOnesAreSkipped(int chunk) {
        assertThat(split(Form.LINES, "{\"a\":1}\r\n\n  \n{broken\n{\"b\":\"\\n\"}", chunk))
                .containsExactly("{\"a\":1}\r", "{broken", "{\"b\":\"\\n\"}");
        assertThat(split(Form.LINES, "", chunk)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1,] | 1, MALFORMED: malformed array at byte 3",
                "[,1] | MALFORMED: malformed array at byte 1",
                "[1 2] | 1, MALFORMED: malformed array at byte 3",
                "[1]] | 1, MALFORMED: malformed array at byte 3",
                "[1] x | 1, MALFORMED: malformed array at byte 4",
                "{}{} | {}, MALFORMED: malformed array at byte 2",
                "[1,{} | 1, {}, MALFORMED: the array does not end",
                "[1,{\"a | 1, MALFORMED: the array does not end",
                "1 | MALFORMED: malformed array at byte 0",
                "[:1] | MALFORMED: malformed array at byte 1"
            })
    void aBrokenFrameEndsTheBodyAfterWhatWasWhole(String body, String pieces) {
        for (int chunk : new int[] {1, 2, 1000}) {
            assertThat(String.join(", ", split(Form.ARRAY, body, chunk))).isEqualTo(pieces);
        }
    }

    @Test
    void anEmptyBodyHasNoEvents() {
        assertThat(split(Form.ARRAY, " ", 1)).containsExactly("MALFORMED: no events");
    }

    @Test
    void aBodyLargerThanItMayBeIsNotReadOn() {
        var splitter = new EventFrameDecoder(Form.ARRAY, inFlight, 10);
        assertThat(splitter.feed("[1,2,".getBytes(StandardCharsets.UTF_8))).hasSize(2);
        assertThat(splitter.feed("3,4,5,6".getBytes(StandardCharsets.UTF_8)))
                .containsExactly(new Piece.Stop(StopReason.TOO_LARGE, "larger than 10 bytes"));
        assertThat(splitter.feed("7".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(splitter.end()).isEmpty();
    }

    @Test
    void anEventLargerThanAnyIsSkippedInItsPlace() {
        var splitter = new EventFrameDecoder(Form.ARRAY, inFlight, 1L << 30);
        var pieces = new ArrayList<Piece>(splitter.feed("[1,\"".getBytes(StandardCharsets.UTF_8)));
        var chunk = new byte[1 << 20];
        Arrays.fill(chunk, (byte) 'x');
        for (int i = 0; i < 65; i++) {
            pieces.addAll(splitter.feed(chunk));
        }
        assertThat(inFlight.bytes()).isZero();
        pieces.addAll(splitter.feed("\",2]".getBytes(StandardCharsets.UTF_8)));
        pieces.addAll(splitter.end());
        assertThat(pieces.stream().map(EventFrameDecoderTest::describe)).containsExactly("1", "TOO LARGE", "2");
    }

    @Test
    void aLargeEventTakesItsRoomAndGivesItBack() {
        var splitter = new EventFrameDecoder(Form.LINES, inFlight, 1L << 30);
        var chunk = new byte[EventCatalogue.EVENT_BYTES_MAX];
        Arrays.fill(chunk, (byte) 'x');
        for (int i = 0; i < 4; i++) {
            assertThat(splitter.feed(chunk)).isEmpty();
        }
        assertThat(inFlight.bytes()).isBetween(3L * chunk.length, 4L * chunk.length);
        assertThat(splitter.feed(new byte[] {'\n'})).hasSize(1);
        assertThat(inFlight.bytes()).isZero();
    }

    @Test
    void aLargeEventWithoutRoomEndsTheBodyForNow() {
        var small = new InFlightLimit(10, EventCatalogue.EVENT_BYTES_MAX);
        var splitter = new EventFrameDecoder(Form.LINES, small, 1L << 30);
        var chunk = new byte[EventCatalogue.EVENT_BYTES_MAX];
        Arrays.fill(chunk, (byte) 'x');
        var pieces = new ArrayList<Piece>();
        for (int i = 0; i < 4; i++) {
            pieces.addAll(splitter.feed(chunk));
        }
        pieces.addAll(splitter.end());
        assertThat(pieces).containsExactly(new Piece.Stop(StopReason.BUSY, "too many large events are being received"));
        assertThat(small.bytes()).isZero();
    }

    @Test
    void aCancelledRequestGivesBackItsRoom() {
        var splitter = new EventFrameDecoder(Form.LINES, inFlight, 1L << 30);
        splitter.feed(new byte[2 * EventCatalogue.EVENT_BYTES_MAX]);
        assertThat(inFlight.bytes()).isPositive();
        splitter.close();
        assertThat(inFlight.bytes()).isZero();
        assertThat(splitter.feed(new byte[] {'\n'})).isEmpty();
    }

    @Test
    void noBytesWhateverAreAnException() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var alphabet = "[]{},:\"\\ \n1a";
        for (int round = 0; round < 2000; round++) {
            var body = new StringBuilder(random.nextBoolean() ? "[" : "");
            for (int i = random.nextInt(30); i > 0; i--) {
                body.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            var text = body.toString();
            for (var form : Form.values()) {
                assertThat(split(form, text, 1 + random.nextInt(5)))
                        .as("seed %d, round %d: %s", seed, round, text)
                        .isEqualTo(split(form, text, 1000));
            }
        }
    }
}
