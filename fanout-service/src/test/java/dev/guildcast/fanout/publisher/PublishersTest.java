package dev.guildcast.fanout.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.contract.catalogue.PublisherContext;
import dev.guildcast.fanout.publisher.Publisher.Limit;
import dev.guildcast.fanout.publisher.Publisher.Limited;
import dev.guildcast.fanout.publisher.PublisherRules.Forbidden;
import dev.guildcast.shard.access.TokenDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishersTest {
    private static final String OLD = "sha256:" + TokenDigest.of("old");
    private static final String NEW = "sha256:" + TokenDigest.of("new");

    private final AtomicLong nanos = new AtomicLong(-5);
    private final Publishers publishers = new Publishers(nanos::get);

    private static Map<String, PublisherRules> parse(String json) {
        return PublisherFile.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private Publisher shop(String rules) {
        publishers.replace(parse("{'shop': {'tokens': ['" + OLD + "']" + rules + "}}"));
        return publishers.named("shop").orElseThrow();
    }

    private static Optional<Forbidden> verify(Publisher publisher, String event) {
        return publisher
                .rules()
                .verify(EventCatalogue.parse(
                        event.replace('\'', '"').getBytes(StandardCharsets.UTF_8), PublisherContext.UNRESTRICTED));
    }

    private static String message(long guild) {
        return "{'t':'MESSAGE_CREATE','d':{'id':'1','guild_id':'" + guild
                + "','channel_id':'31','author':{'id':'41'},'content':'hi'}}";
    }

    private static String directMessage(long user) {
        return "{'t':'MESSAGE_CREATE','users':['" + user
                + "'],'d':{'id':'1','channel_id':'31','author':{'id':'41'},'content':'hi'}}";
    }

    @Test
    void onlyTheHolderOfATokenIsAPublisher() {
        shop("");
        assertThat(publishers.authenticate("Bearer old")).map(Publisher::name).contains("shop");
        assertThat(publishers.authenticate("bearer  old ")).map(Publisher::name).contains("shop");
        for (var wrong : new String[] {"Bearer Old", "Bearer ", "old", "Basic old", "Bearer " + OLD.substring(7)}) {
            assertThat(publishers.authenticate(wrong)).as(wrong).isEmpty();
        }
        assertThat(publishers.authenticate(null)).isEmpty();
    }

    @Test
    void twoTokensAreValidWhileAPublisherChangesThem() {
        var shop = shop("");
        publishers.replace(parse("{'shop': {'tokens': ['" + OLD + "', '" + NEW + "']}}"));
        assertThat(publishers.authenticate("Bearer old")).contains(shop);
        assertThat(publishers.authenticate("Bearer new")).contains(shop);
        assertThat(shop.isRevoked()).isFalse();

        publishers.replace(parse("{'shop': {'tokens': ['" + NEW + "']}}"));
        assertThat(publishers.authenticate("Bearer old")).isEmpty();
        assertThat(publishers.authenticate("Bearer new")).map(Publisher::name).contains("shop");
        assertThat(shop.isRevoked()).as("calls made with the old token").isTrue();
    }

    @Test
    void aPublisherThatIsLeftOutIsRevoked() {
        var shop = shop("");
        publishers.replace(Map.of());
        assertThat(shop.isRevoked()).isTrue();
        assertThat(publishers.authenticate("Bearer old")).isEmpty();
    }

    @Test
    void aPublisherPublishesForItsGuildsOnly() {
        var shop = shop(", 'guilds': ['7', '8']");
        assertThat(verify(shop, message(7))).isEmpty();
        assertThat(verify(shop, message(9)))
                .hasValueSatisfying(forbidden -> assertThat(forbidden.field()).isEqualTo("d.guild_id"))
                .hasValueSatisfying(forbidden ->
                        assertThat(forbidden.reason()).contains("guild 9").contains("2 listed"));
        assertThat(verify(
                        shop,
                        "{'t':'GUILD_CREATE','d':{'id':'9','owner_id':'1','roles':[{'id':'9',"
                                + "'permissions':'0'}],'members':[]}}"))
                .isPresent();
    }

    @Test
    void rangesOfHashesDivideTheGuilds() {
        var first = new IdRange.Hashed(0, 511);
        var second = new IdRange.Hashed(512, 1023);
        assertThat(IntStream.range(0, 10_000).allMatch(id -> first.contains(id) != second.contains(id)))
                .isTrue();
        assertThat(IntStream.range(0, 10_000).filter(first::contains).count()).isBetween(4_700L, 5_300L);
    }

    @Test
    void aPublisherAddressesItsUsersOnly() {
        var shop = shop(", 'users': ['5']");
        assertThat(verify(shop, directMessage(5))).isEmpty();
        assertThat(verify(shop, directMessage(6)))
                .hasValueSatisfying(forbidden -> assertThat(forbidden.field()).isEqualTo("users"));
    }

    @Test
    void aPublisherPublishesItsTypesOnly() {
        var shop = shop(", 'events': ['TYPING_START']");
        assertThat(verify(shop, message(7)))
                .hasValueSatisfying(forbidden -> assertThat(forbidden.field()).isEqualTo("t"));
    }

    @Test
    void moreEventsThanItsQuotaWaitAndCostNothing() {
        var shop = shop(", 'events_per_second': 10");
        for (int i = 0; i < 10; i++) {
            assertThat(shop.admit(1)).isEmpty();
            shop.release();
        }
        assertThat(shop.admit(1)).map(Limited::limit).contains(Limit.EVENTS);
        assertThat(shop.admit(1)).map(Limited::retryNanos).contains(TimeUnit.MILLISECONDS.toNanos(100));
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
        assertThat(shop.admit(1)).isEmpty();
        assertThat(shop.admit(1)).isPresent();
        // A second's worth at most, however long nothing came.
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        int admitted = 0;
        while (shop.admit(1).isEmpty()) {
            admitted++;
        }
        assertThat(admitted).isEqualTo(10);
    }

    @Test
    void aGuildAboveASecondsBytesIsAdmittedAndPaidFor() {
        var shop = shop(", 'bytes_per_second': 1000");
        assertThat(shop.admit(5_000)).isEmpty();
        assertThat(shop.admit(1)).map(Limited::limit).contains(Limit.BYTES);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(4));
        assertThat(shop.admit(1_000)).isPresent();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(shop.admit(1_000)).isEmpty();
    }

    @Test
    void onePublisherNeverHasAllThatMayWait() {
        var shop = shop(", 'in_flight': 2");
        assertThat(shop.admit(1)).isEmpty();
        assertThat(shop.admit(1)).isEmpty();
        assertThat(shop.admit(1)).map(Limited::limit).contains(Limit.IN_FLIGHT);
        shop.release();
        assertThat(shop.admit(1)).isEmpty();
    }

    @Test
    void rulesChangeWithoutARestartAndQuotasAreNotRefilledByThat() {
        var shop = shop(", 'events_per_second': 1");
        assertThat(shop.admit(1)).isEmpty();
        assertThat(shop(", 'events_per_second': 1, 'guilds': []")).isSameAs(shop);
        assertThat(shop.admit(1)).isPresent();
        assertThat(verify(shop, message(7))).as("an empty list permits nothing").isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|no JSON object",
                "{'a': {'tokens': []}}|publisher a: tokens has 0 entries",
                "{'a': {}}|tokens is no array",
                "{'a': {'tokens': ['secret-in-plain']}}|sha256sum",
                "{'a': {'tokens': ['TOKEN'], 'guild': ['1']}}|guild is not known",
                "{'a': {'tokens': ['TOKEN'], 'guilds': 'all'}}|guilds is no array",
                "{'a': {'tokens': ['TOKEN'], 'guilds': ['x']}}|ids as strings",
                "{'a': {'tokens': ['TOKEN'], 'guilds': {'from': 9, 'to': 1024}}}|from <= to < 1024",
                "{'a': {'tokens': ['TOKEN'], 'events': []}}|events is empty",
                "{'a': {'tokens': ['TOKEN'], 'events_per_second': 0}}|at least 1",
                "{'a': {'tokens': ['TOKEN'], 'in_flight': 1.5}}|in_flight is no whole number",
                "{'a': {'tokens': ['TOKEN']}, 'a': {'tokens': ['TOKEN']}}|names a key twice",
            })
    void whatIsMisspeltIsRefusedByName(String json, String message) {
        assertThatThrownBy(() -> parse(json.replace("TOKEN", OLD)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("secret-in-plain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingress.events", "voice", "a b", "a/b", ""})
    void noPublisherTakesAnothersName(String name) {
        var rules = PublisherFile.unrestricted(OLD);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> publishers.replace(Map.of(name, rules)))
                .withMessageContaining("publisher '" + name + "'");
    }

    @Test
    void noTwoPublishersShareAToken() {
        shop("");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> publishers.replace(
                        Map.of("a", PublisherFile.unrestricted(NEW), "b", PublisherFile.unrestricted(NEW))))
                .withMessageContaining("the same token");
        assertThat(publishers.authenticate("Bearer old"))
                .as("nothing has changed")
                .isPresent();
    }

    @Test
    void aFileIsReadAgainWhenItChangesAndNotWhenItIsSpoilt(@TempDir Path folder) throws IOException {
        var file = folder.resolve("publishers.json");
        Files.writeString(file, "{\"shop\": {\"tokens\": [\"" + OLD + "\"]}}");
        try (var watcher = new PublisherFileWatcher(file, Map.of(), publishers)) {
            watcher.load();
            watcher.watch(Duration.ofMillis(20));
            assertThat(publishers.authenticate("Bearer old")).isPresent();

            Files.writeString(file, "{\"shop\": {\"tokens\": [");
            assertThatThrownBy(watcher::load).hasMessageContaining(file.toString());
            assertThat(publishers.authenticate("Bearer old")).isPresent();

            Files.writeString(file, "{\"shop\": {\"tokens\": [\"" + NEW + "\"]}}");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> publishers.authenticate("Bearer new").isPresent());
            assertThat(publishers.authenticate("Bearer old")).isEmpty();
        }
    }
}
