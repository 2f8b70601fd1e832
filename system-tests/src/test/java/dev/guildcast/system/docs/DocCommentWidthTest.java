package dev.guildcast.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Keeps `///` comments within what the formatter leaves alone on every JDK that Maven may run on.
///
/// On a JDK 25, palantir-java-format takes a run of `///` lines for one token, counts the indentation of all but the
/// first line twice, and breaks a line that is then too long without repeating `///`: the build fails there with a
/// syntax error, while it passes on older JDKs.
class DocCommentWidthTest {
    private static final int COLUMNS = 120;
    private static final Path ROOT = Path.of("..");

    @Test
    void noDocCommentIsWiderThanTheFormatterAcceptsOnANewJdk() throws IOException {
        var tooWide = new ArrayList<String>();
        try (Stream<Path> files = Files.find(ROOT, 30, (path, attributes) -> isSource(path))) {
            files.forEach(file -> collectTooWide(file, tooWide));
        }
        assertThat(tooWide).isEmpty();
    }

    private static boolean isSource(Path path) {
        String text = path.toString();
        return text.endsWith(".java") && text.contains("/src/") && !text.contains("/target/");
    }

    private static void collectTooWide(Path file, List<String> tooWide) {
        try {
            boolean within = false;
            int number = 0;
            for (var line : Files.readAllLines(file)) {
                number++;
                boolean doc = line.stripLeading().startsWith("///");
                int indent = within ? line.length() - line.stripLeading().length() : 0;
                if (doc && line.length() + indent > COLUMNS) {
                    tooWide.add(file + ":" + number + ": at most " + (COLUMNS - indent) + " columns here");
                }
                within = doc;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
