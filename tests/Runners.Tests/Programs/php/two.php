<?php
function seven($n) { return $n * 7; }
