"""What a delivery of O*NET leaves open, counted."""

from __future__ import annotations

from engine.sources.layout import GapQuery

_SCALE_ABSENT = """
    SELECT count(*) FROM (SELECT DISTINCT task_id FROM onet.task_statements)
    WHERE EXISTS (SELECT 1 FROM onet.task_ratings) AND NOT EXISTS (SELECT 1 FROM onet.task_ratings WHERE scale_id = '{}')"""

GAPS: tuple[GapQuery, ...] = (
    GapQuery("{0} of {1} occupations have no task statements", """
        SELECT count(*) FILTER (t.onet_soc_code IS NULL), count(*) FROM onet.occupation_data o
        LEFT JOIN (SELECT DISTINCT onet_soc_code FROM onet.task_statements) t USING (onet_soc_code)"""),
    GapQuery("{0} of {1} task statements have no task type; it stays empty", "SELECT count(*) FILTER (task_type IS NULL), count(*) FROM onet.task_statements"),
    GapQuery("{0} of {1} distinct alternate titles name more than one occupation", """
        SELECT count(*) FILTER (n > 1), count(*) FROM
        (SELECT count(DISTINCT onet_soc_code) AS n FROM onet.alternate_titles WHERE alternate_title IS NOT NULL GROUP BY title_key(alternate_title))"""),
    GapQuery("{0} of {1} occupations have no job zone", """
        SELECT count(*) FILTER (z.onet_soc_code IS NULL), count(*) FROM onet.occupation_data o LEFT JOIN onet.job_zones z USING (onet_soc_code)
        WHERE EXISTS (SELECT 1 FROM onet.job_zones)"""),
    GapQuery("Task Ratings.txt has no importance (IM): the importance of {0} tasks stays empty", _SCALE_ABSENT.format("IM")),
    GapQuery("Task Ratings.txt has no relevance (RT): the relevance of {0} tasks stays empty", _SCALE_ABSENT.format("RT")),
    GapQuery("Task Ratings.txt has no frequency categories (FT) for {0} tasks", _SCALE_ABSENT.format("FT")),
    GapQuery("{0} of {1} task statements have no rating at all", """
        SELECT count(*) FILTER (r.task_id IS NULL), count(*) FROM onet.task_statements t
        LEFT JOIN (SELECT DISTINCT onet_soc_code, task_id FROM onet.task_ratings) r USING (onet_soc_code, task_id) WHERE EXISTS (SELECT 1 FROM onet.task_ratings)"""),
    GapQuery("the yearly frequency of {0} tasks rests on a derived mean (task_frequency_mean.csv), not on the publisher's categories, at lower confidence", """
        SELECT count(*) FROM onet.task_statements t SEMI JOIN onet.task_frequency_mean m ON m.onet_soc_code = t.onet_soc_code AND m.task_id = t.task_id
        ANTI JOIN (SELECT * FROM onet.task_ratings WHERE scale_id = 'FT') f ON f.onet_soc_code = t.onet_soc_code AND f.task_id = t.task_id
        WHERE EXISTS (SELECT 1 FROM onet.frequency_category)"""),
    GapQuery("no times a year were given for the frequency categories: the yearly frequency of {0} tasks stays empty", """
        SELECT count(*) FROM onet.task_statements WHERE NOT EXISTS (SELECT 1 FROM onet.frequency_category)"""),
    GapQuery("{0} ratings are on scales that Scales Reference.txt does not list and stay empty", """
        SELECT count(*) FROM (SELECT scale_id FROM onet.task_ratings UNION ALL SELECT scale_id FROM onet.skills UNION ALL SELECT scale_id FROM onet.knowledge
        UNION ALL SELECT scale_id FROM onet.interests WHERE scale_id = 'OI') ANTI JOIN onet.scales_reference USING (scale_id)"""),
    GapQuery("{0} ratings are on scales that no record holds; they are read and not projected", """
        SELECT count(*) FROM (SELECT scale_id FROM onet.task_ratings WHERE scale_id NOT IN ('IM', 'RT', 'FT') UNION ALL SELECT scale_id FROM onet.interests WHERE scale_id NOT IN ('OI', 'IH')
        UNION ALL SELECT scale_id FROM onet.skills WHERE scale_id NOT IN ('IM', 'LV') UNION ALL SELECT scale_id FROM onet.knowledge WHERE scale_id NOT IN ('IM', 'LV'))"""),
    GapQuery("{0} interests have no score and are left out", "SELECT count(*) FROM onet.interests WHERE scale_id = 'OI' AND data_value IS NULL"),
    GapQuery("{0} interest high-points (scale IH) are read and not projected: they repeat the ranking of the scores", "SELECT count(*) FROM onet.interests WHERE scale_id = 'IH'"),
    GapQuery("{0} intermediate activities have no name in this delivery and are left out", """
        SELECT count(DISTINCT iwa_id) FROM onet.dwa_reference WHERE iwa_title IS NULL AND iwa_id NOT IN (SELECT iwa_id FROM onet.iwa_reference)"""),
    GapQuery("{0} software and tool names stand under several commodities; the first is kept", """
        SELECT count(*) FROM (SELECT 1 FROM (SELECT technology_key('software', example) AS k, commodity_code FROM onet.technology_skills
        UNION ALL SELECT technology_key('tool', example), commodity_code FROM onet.tools_used) GROUP BY k HAVING count(DISTINCT commodity_code) > 1)"""),
)  # fmt: skip
