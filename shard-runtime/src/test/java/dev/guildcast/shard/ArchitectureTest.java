package dev.guildcast.shard;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.guildcast.shard.testing.PackageRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String CONTRACTS = "dev.guildcast.shard.v1..";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages("dev.guildcast.shard");

    @Test
    void packagesHaveNoCycles() {
        PackageRules.assertFreeOfCycles(CLASSES, "dev.guildcast.shard");
    }

    @Test
    void onlySettingsBindingsAndRedisScriptsDependOnSpring() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.guildcast.shard.installation", "dev.guildcast.shard.stream", "dev.guildcast.shard.redis")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.springframework.."))
                .check(CLASSES);
    }

    @Test
    void onlyClassesNamedForATechnologyUseIt() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Kafka[^.]*")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.guildcast.shard.coordination..", CONTRACTS)
                .and()
                .haveNameNotMatching("dev\\.guildcast\\.shard\\.call\\.Grpc[^.]*")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.grpc.."))
                .check(CLASSES);
    }

    @Test
    void theProcessHasNoClockThreadOrRandomnessOfItsOwn() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.guildcast.shard", "dev.guildcast.shard.process")
                .and()
                // The loop is the thread on which the others run, and metrics name units of time.
                .haveNameNotMatching(".*\\.(ShardLoop|Meter[^.]*)(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.util.concurrent..", "org.apache.kafka..", "io.grpc.."))
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .and()
                .resideOutsideOfPackage(CONTRACTS)
                .should()
                .beAnnotatedWith("org.jspecify.annotations.NullMarked")
                .check(CLASSES);
    }
}
