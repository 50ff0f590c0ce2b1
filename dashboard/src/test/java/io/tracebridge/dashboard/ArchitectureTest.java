/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.Socket;
import java.net.URL;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the dashboard's rows of the import table. */
class ArchitectureTest {
    private static final String BASE = "io.tracebridge.dashboard";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BASE);

    @ParameterizedTest
    @CsvSource({
        "store, ''",
        "http, ''",
        "ingest, store http",
        "query, store",
        "api, query store http",
        "ui, http",
    })
    void feature_importsOnlyWhatTheTableAllows(String feature, String allowed) {
        String[] packages = Stream.concat(Stream.of(feature), Arrays.stream(allowed.split(" ")))
                .filter(name -> !name.isEmpty())
                .map(name -> BASE + "." + name + "..")
                .toArray(String[]::new);
        DescribedPredicate<JavaClass> foreign =
                DescribedPredicate.not(resideInAPackage(BASE + "..")).or(resideInAnyPackage(packages));
        classes()
                .that()
                .resideInAPackage(BASE + "." + feature + "..")
                .should()
                .onlyDependOnClassesThat(foreign)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void core_isKnownByItsScrubberOnly() {
        noClasses()
                .that()
                .resideInAPackage(BASE + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.tracebridge..")
                        .and(DescribedPredicate.not(resideInAnyPackage(BASE + "..", "io.tracebridge.scrub.."))))
                .check(CLASSES);
    }

    @Test
    void scrubber_isUsedByIngestOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + ".ingest..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tracebridge.scrub..")
                .check(CLASSES);
    }

    @Test
    void database_isTouchedByItsEngineOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + ".store.duckdb..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.duckdb..", "java.sql..")
                .check(CLASSES);
    }

    @Test
    void engine_isOpenedByTheServerOnly() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".*..")
                .and()
                .resideOutsideOfPackage(BASE + ".store.duckdb..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + ".store.duckdb..")
                .check(CLASSES);
    }

    @Test
    void nothing_canCallOut() {
        // no client, so no phone-home, no update check, no fetch of what telemetry names
        noClasses()
                .that()
                .resideInAPackage(BASE + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.linecorp.armeria.client..", "java.net.http..", "okhttp3..")
                .orShould()
                .callMethod(URL.class, "openConnection")
                .orShould()
                .callMethod(URL.class, "openStream")
                .orShould()
                .callConstructor(Socket.class, String.class, int.class)
                .check(CLASSES);
    }
}
