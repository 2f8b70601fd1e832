package dev.guildcast.system.visibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Intents;
import dev.guildcast.event.v1.Concealment;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Members;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// No session receives what it is not entitled to, and each receives everything that it is entitled to.
class VisibilityMatrixTest {
    private static final int CASES_MIN = 100_000;
    private static final Duration DURATION_MAX = Duration.ofSeconds(60);
    private static final int MISMATCHES_SHOWN = 20;

    /// Enough to notice each fault.
    private static final List<Long> FEW_INTENTS = List.of(
            0L, 1L, Intents.KNOWN, Intents.KNOWN & ~(1L << 1), Intents.KNOWN & ~(1L << 8), Intents.KNOWN & ~(1L << 15));

    @Test
    void eachEventTypeChannelPermissionStateAndIntentIsDeliveredAsTheModelSays() {
        long started = System.nanoTime();
        var matrix = new VisibilityMatrix(
                VisibilityMatrix.allIntents(), UnaryOperator.identity(), UnaryOperator.identity(), MISMATCHES_SHOWN);
        matrix.run();
        var took = Duration.ofNanos(System.nanoTime() - started);
        assertThat(matrix.mismatches()).isEmpty();
        assertThat(matrix.cases()).isGreaterThan(CASES_MIN);
        assertThat(took).as("%d cases", matrix.cases()).isLessThan(DURATION_MAX);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aRuleThatIsSwitchedOffIsNoticed(
            String name, UnaryOperator<GuildRecord> fault, UnaryOperator<String> snapshot) {
        var matrix = new VisibilityMatrix(FEW_INTENTS, fault, snapshot, 1);
        matrix.run();
        assertThat(matrix.mismatches()).as(name).hasSize(1);
    }

    static Stream<Arguments> faults() {
        var events = new LinkedHashMap<String, UnaryOperator<GuildEvent>>();
        events.put("intents", event -> event.toBuilder().setIntents(0).build());
        events.put(
                "permissions",
                event -> event.toBuilder().clearRequiredPermissions().build());
        events.put("channel", event -> event.hasChannelId() ? toMembers(event) : event);
        events.put(
                "connected",
                event -> event.hasConnectedChannelId()
                        ? event.toBuilder()
                                .setChannelId(event.getConnectedChannelId())
                                .build()
                        : event);
        events.put("scheduled event", event -> event.hasListItem() ? toMembers(event) : event);
        events.put("named users", event -> event.hasUsers() ? toMembers(event) : event);
        events.put(
                "channel of named users",
                event -> event.toBuilder().clearVisibleChannelId().build());
        events.put("content", event -> event.toBuilder().clearPayloadRedacted().build());
        events.put(
                "readers of content",
                event -> event.toBuilder().clearFullRecipients().build());
        events.put("self", event -> event.toBuilder().clearSelfUsers().build());
        events.put(
                "intents of self", event -> event.toBuilder().clearSelfIntents().build());
        events.put("excluded", event -> event.toBuilder().clearExcludedUsers().build());
        events.put("hidden channels in bodies", event -> without(event, part -> part.getChannelId() != 0));
        events.put(
                "hidden elements in bodies",
                event -> without(event, part -> part.getReplacement().isEmpty() && part.getChannelId() != 0));
        events.put(
                "presences in bodies", event -> without(event, part -> part.getIntents() == Intents.GUILD_PRESENCES));
        events.put("members in bodies", event -> without(event, part -> part.getIntents() == Intents.GUILD_MEMBERS));
        events.put("oneself in bodies", event -> {
            var builder = event.toBuilder();
            builder.getConcealmentsBuilderList().forEach(Concealment.Builder::clearUserId);
            return builder.build();
        });
        events.put(
                "hidden channels in redacted bodies",
                event -> event.toBuilder().clearRedactedConcealments().build());
        var snapshots = Map.<String, UnaryOperator<String>>of(
                "owner", text -> text.replace("\"owner_id\":\"1\"", "\"owner_id\":\"3\""),
                "administrator", text -> text.replace("\"permissions\":\"8\"", "\"permissions\":\"0\""),
                "role's permissions", text -> text.replace("\"permissions\":\"32\"", "\"permissions\":\"0\""),
                "everyone's overwrite", text -> text.replace("{\"id\":\"8000\",\"type\":0,\"deny\":\"1024\"},", ""),
                "role's allowing overwrite", text -> text.replace("{\"id\":\"52\",\"type\":0,\"allow\":\"1024\"},", ""),
                "role's denying overwrite", text -> text.replace("{\"id\":\"53\",\"type\":0,\"deny\":\"1040\"},", ""),
                "member's allowing overwrite",
                        text -> text.replace("{\"id\":\"6\",\"type\":1,\"allow\":\"1024\"},", ""),
                "member's denying overwrite", text -> text.replace(",{\"id\":\"8\",\"type\":1,\"deny\":\"1024\"}", ""),
                "time-out", text -> text.replace("2999-01-01", "1999-01-01"),
                "private thread", text -> text.replace("\"type\":12", "\"type\":11"));
        return Stream.concat(
                events.entrySet().stream()
                        .map(each -> Arguments.of(
                                each.getKey(), onEvents(each.getValue()), UnaryOperator.<String>identity())),
                snapshots.entrySet().stream()
                        .map(each ->
                                Arguments.of(each.getKey(), UnaryOperator.<GuildRecord>identity(), each.getValue())));
    }

    private static UnaryOperator<GuildRecord> onEvents(UnaryOperator<GuildEvent> fault) {
        return record ->
                record.toBuilder().setEvent(fault.apply(record.getEvent())).build();
    }

    private static GuildEvent toMembers(GuildEvent event) {
        return event.toBuilder().setMembers(Members.getDefaultInstance()).build();
    }

    private static GuildEvent without(GuildEvent event, Predicate<Concealment> parts) {
        var kept = event.getConcealmentsList().stream().filter(parts.negate()).toList();
        return event.toBuilder().clearConcealments().addAllConcealments(kept).build();
    }
}
