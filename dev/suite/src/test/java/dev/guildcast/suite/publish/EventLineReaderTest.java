package dev.guildcast.suite.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.suite.publish.EventLineReader.EventLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLineReaderTest {
    @Test
    void numbersLinesAndPassesOverBlankOnes() throws IOException {
        assertThat(read("a\n\n \t\r\nb\r\nc", 100)).containsExactly("1 a", "4 b\r", "5 c");
        assertThat(read("", 100)).isEmpty();
    }

    @Test
    void refusesALineThatIsTooLongAndReadsTheOthers() throws IOException {
        assertThat(read("1234\n12345\n1234", 4))
                .containsExactly(
                        "1 1234",
                        "2 refused: is 5 bytes (expected: at most 4; a guild may be larger over HTTP)",
                        "3 1234");
    }

    @Test
    void refusesALineThatIsNotUtf8ByItsOffset() throws IOException {
        var bytes = "ok\nz\u00fcrich\nok\n\u00fc".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(read(bytes, 100))
                .containsExactly(
                        "1 ok",
                        "2 refused: has the byte 0xfc at offset 1, which is not UTF-8 (expected: JSON in UTF-8)",
                        "3 ok",
                        "4 refused: has the byte 0xfc at offset 0, which is not UTF-8 (expected: JSON in UTF-8)");
        // A character that is cut off, and the encoding of half of a surrogate pair.
        assertThat(read(new byte[] {'a', (byte) 0xC3}, 100))
                .singleElement()
                .asString()
                .contains("0xc3 at offset 1");
        assertThat(read(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, 100))
                .singleElement()
                .asString()
                .contains("0xed at offset 0");
        assertThat(read("x".repeat(3000) + "\u00fc\ud83d\ude00", 10_000))
                .hasSize(1)
                .noneMatch(line -> line.contains("refused"));
    }

    @Test
    void passesOverAByteOrderMark() throws IOException {
        assertThat(read("\ufeff{}\n\ufeff{}", 100)).containsExactly("1 {}", "2 \ufeff{}");
    }

    private static List<String> read(String text, int lineBytesMax) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8), lineBytesMax);
    }

    private static List<String> read(byte[] bytes, int lineBytesMax) throws IOException {
        var reader = new EventLineReader(new ByteArrayInputStream(bytes), lineBytesMax);
        var lines = new ArrayList<String>();
        for (var line = reader.next(); line.isPresent(); line = reader.next()) {
            lines.add(line.get().number() + " "
                    + switch (line.get()) {
                        case EventLine event -> new String(event.text(), StandardCharsets.UTF_8);
                        case EventLineReader.RefusedLine refused -> "refused: " + refused.reason();
                    });
        }
        return lines;
    }
}
