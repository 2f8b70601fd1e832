package dev.guildcast.fanout;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.guildcast.fanout.presence.GrpcPresenceSource;
import dev.guildcast.shard.testing.PackageRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "dev.guildcast.fanout";
    /// Where a shard's state and outputs follow from checkpoint and log alone.
    private static final List<String> DETERMINISTIC = List.of(
            "audience", "change", "delivery", "json", "payload", "presence", "publication", "query", "shard", "view");
    /// The edge of the process: configuration, transports, wiring.
    private static final List<String> EDGE = List.of("ingress", "node", "publisher");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void packagesAreFreeOfCycles() {
        PackageRules.assertFreeOfCycles(CLASSES, ROOT);
    }

    @Test
    void everyPackageIsNamedByARule() {
        var named = new ArrayList<>(DETERMINISTIC);
        named.addAll(EDGE);
        assertThat(CLASSES.getPackage(ROOT).getSubpackages().stream().map(JavaPackage::getRelativeName))
                .containsExactlyInAnyOrderElementsOf(named);
    }

    @Test
    void onlyAdaptersKnowGrpc() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Grpc[^.]*")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..")
                .check(CLASSES);
    }

    @Test
    void onlyAdaptersKnowKafka() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Kafka[^.]*")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void theMachinesKnowNoSpring() {
        classes()
                .that(areDeterministic())
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages("org.springframework..", "io.micrometer..", "reactor..")
                .check(CLASSES);
    }

    @Test
    void theMachinesKnowNoClockAndNoRandomness() {
        noClasses()
                .that(areDeterministic())
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(RandomGenerator.class)
                .check(CLASSES);
    }

    /// Without the adapters in these packages: the presence service's client, which nothing in a log depends on, and
    /// the endpoint of queries, which change nothing.
    private static DescribedPredicate<JavaClass> areDeterministic() {
        return DescribedPredicate.describe(
                "belong to the state machines",
                each -> DETERMINISTIC.stream()
                                .anyMatch(name -> each.getPackageName().equals(ROOT + "." + name))
                        && !each.isAssignableTo(GrpcPresenceSource.class)
                        && !each.getName().startsWith(ROOT + ".query.Grpc"));
    }
}
